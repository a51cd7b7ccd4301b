#!/bin/bash
# run-hooks.sh DIR: runs the hooks in DIR as the start script does.
# shellcheck disable=SC2034 # read by log.sh
LOG_SOURCE=run-hooks.sh
# shellcheck source=/dev/null
source /usr/local/lib/stack/log.sh
# shellcheck source=/dev/null
source /usr/local/lib/stack/hooks.sh
run_hooks "$@"
