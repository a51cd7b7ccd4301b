#!/bin/bash
# A failing hook is an error in the log; the ones behind it run.
set -euo pipefail
hooks=$(mktemp -d)
printf 'return 3\n' > "$hooks/10-sourced.sh"
printf '#!/bin/sh\nexit 4\n' > "$hooks/20-executed"
printf 'touch %s/reached\n' "$hooks" > "$hooks/30-last.sh"
chmod +x "$hooks/20-executed"
run-hooks.sh "$hooks" 2> "$hooks.log"
grep -q "^ERROR: run-hooks.sh: hook '.*/10-sourced.sh' failed with status 3: going on$" "$hooks.log"
grep -q "^ERROR: run-hooks.sh: hook '.*/20-executed' failed with status 4: going on$" "$hooks.log"
[[ -e "$hooks/reached" ]]
