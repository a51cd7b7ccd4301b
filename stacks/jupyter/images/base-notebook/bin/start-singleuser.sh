#!/bin/bash
# The older name of start-singleuser.py, which hubs and compose files still use.
exec start-singleuser.py "$@"
