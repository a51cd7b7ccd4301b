#!/bin/bash
# before-notebook.d: as root, after the user was changed and right before the command.
# shellcheck disable=SC2016 # what is quoted here expands in the hooks
set -euo pipefail
folder=/usr/local/bin/before-notebook.d
printf 'export SEEN="$(id -un) $(id -u "$NB_USER") $HOME"\nexport SECRET=1\n' > "$folder/10-test.sh"
export NB_USER=someone NB_UID=1010 JUPYTER_ENV_VARS_TO_UNSET=SECRET
said=$(start.sh sh -c 'echo "$SEEN"; echo "${SECRET-unset}"')
[[ "$said" == $'root 1010 /home/someone\nunset' ]]
