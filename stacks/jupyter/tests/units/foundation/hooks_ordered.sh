#!/bin/bash
# Hooks run in the order of their names, sourced and executed ones together.
# shellcheck disable=SC2016 # what is quoted here expands in the hooks
set -euo pipefail
hooks=$(mktemp -d)
for name in 30-c.sh 10-a.sh 20-b; do
    printf '#!/bin/sh\nprintf "%s " >> %s.order\n' "$name" "$hooks" > "$hooks/$name"
done
chmod +x "$hooks/20-b"
run-hooks.sh "$hooks"
[[ "$(cat "$hooks.order")" == "10-a.sh 20-b 30-c.sh " ]]
