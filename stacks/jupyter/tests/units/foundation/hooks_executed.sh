#!/bin/bash
# Any other executable file is run, whatever it is written in; its environment stays its own.
# shellcheck disable=SC2016 # what is quoted here expands in the hooks
set -euo pipefail
hooks=$(mktemp -d)
cat > "$hooks/10 with blanks" << 'HOOK'
#!/usr/bin/python3
import os, pathlib
pathlib.Path(os.environ["SEEN"]).write_text("python")
os.environ["SEEN"] = "changed"
HOOK
chmod +x "$hooks/10 with blanks"
printf '#!/bin/sh\nprintf "%%s" "$SEEN" > "$SEEN.after"\n' > "$hooks/20-after"
chmod +x "$hooks/20-after"
export SEEN=$hooks/seen
run-hooks.sh "$hooks" 2> "$hooks/log"
[[ "$(cat "$SEEN")" == python ]]
[[ "$(cat "$SEEN.after")" == "$SEEN" ]]
grep -q "^INFO: run-hooks.sh: running hook '.*/10 with blanks'$" "$hooks/log"
