#!/bin/bash
# The older name of start-notebook.py, which hubs and compose files still use.
exec start-notebook.py "$@"
