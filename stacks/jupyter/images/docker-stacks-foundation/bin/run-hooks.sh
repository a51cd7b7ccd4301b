#!/bin/bash
# run-hooks.sh DIR: runs the hooks in DIR as the start script does.
LOG_SOURCE=run-hooks.sh
source /usr/local/lib/stack/log.sh
source /usr/local/lib/stack/hooks.sh
run_hooks "$@"
