#!/bin/bash
# start-notebook.d: before the user changes, and what is exported reaches the command.
# shellcheck disable=SC2016 # what is quoted here expands in the hooks
set -euo pipefail
folder=/usr/local/bin/start-notebook.d
printf 'export STONE=granite; export SEEN_BY=$(id -un)\n' > "$folder/10-test.sh"
[[ "$(start.sh sh -c 'echo $STONE $SEEN_BY $(id -un)')" == "granite root jovyan" ]]
# It may even say who the command runs as.
printf 'export NB_UID=1010\n' > "$folder/20-test.sh"
[[ "$(start.sh id -u)" == 1010 ]]
