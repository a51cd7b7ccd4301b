#!/bin/bash
# A *.sh is sourced: the next hook sees what it exports, and its shell options end with it.
# shellcheck disable=SC2016 # what is quoted here expands in the hooks
set -euo pipefail
hooks=$(mktemp -d)
printf 'export STONE=granite\nset -x\nset +x\nset -e\n' > "$hooks/10-export.sh"
printf 'printf "%%s\\n" "$STONE" > %s/seen\nfalse\n' "$hooks" > "$hooks/20-use.sh"
run-hooks.sh "$hooks"
[[ "$(cat "$hooks/seen")" == granite ]]
