#!/bin/bash
# A repository is made, committed to and cloned.
set -euo pipefail
folder=$(mktemp -d)
cd "$folder"
git init --quiet stones
cd stones
git config user.name Someone
git config user.email someone@example.invalid
echo granite > stone
git add stone
git commit --quiet --message 'Add a stone'
git clone --quiet "$folder/stones" "$folder/copy"
[[ "$(cat "$folder/copy/stone")" == granite ]]
[[ "$(git -C "$folder/copy" log --format=%s)" == 'Add a stone' ]]
