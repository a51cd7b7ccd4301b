#!/bin/bash
# A file that is neither is left alone, and said.
set -euo pipefail
hooks=$(mktemp -d)
printf 'exit 1\n' > "$hooks/notes.txt"
mkdir "$hooks/folder.sh"
run-hooks.sh "$hooks" 2> "$hooks.log"
warning="^WARNING: run-hooks.sh: hook '.*/notes.txt' is neither executable nor a \*.sh: ignored$"
grep -q "$warning" "$hooks.log"
[[ $(wc -l < "$hooks.log") == 1 ]]
