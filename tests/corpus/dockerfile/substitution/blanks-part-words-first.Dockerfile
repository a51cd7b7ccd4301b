FROM ${U:-a b}
