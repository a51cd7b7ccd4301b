#!/bin/bash
# CHOWN_HOME_OPTS are handed on to chown.
set -euo pipefail
mkdir -p /home/jovyan/deep
touch /home/jovyan/deep/file
chown -R root:root /home/jovyan/deep
export NB_UID=1010
[[ "$(start.sh stat --format %u /home/jovyan/deep/file)" == 0 ]]
seen=$(CHOWN_HOME=yes start.sh stat --format %u /home/jovyan /home/jovyan/deep/file)
[[ "$seen" == $'1010\n0' ]]
seen=$(CHOWN_HOME=yes CHOWN_HOME_OPTS=-R start.sh stat --format %u:%g /home/jovyan/deep/file)
[[ "$seen" == 1010:100 ]]
