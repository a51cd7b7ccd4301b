FROM ${U:?give-U}
