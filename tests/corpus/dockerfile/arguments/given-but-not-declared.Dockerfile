FROM ${BASE:-debian}:12
