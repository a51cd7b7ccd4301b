#!/bin/bash
# fix-permissions opens a tree to the group, twice with the same result.
set -euo pipefail
tree=$(mktemp -d)
mkdir -p "$tree/in ner"
printf x > "$tree/in ner/data"
printf x > "$tree/in ner/program"
chmod 0600 "$tree/in ner/data"
chmod 0700 "$tree/in ner/program" "$tree/in ner"
ln -s /nowhere "$tree/dangling"

fix-permissions "$tree"
expect() {
    local seen
    seen=$(stat --format %a "$1")
    [[ "$seen" == "$2" ]] || {
        printf "'%s': expected mode %s, got %s\n" "$1" "$2" "$seen" >&2
        exit 1
    }
}
expect "$tree/in ner" 2770
expect "$tree/in ner/data" 660
expect "$tree/in ner/program" 770
[[ "$(stat --format %G "$tree/in ner/data")" == users ]]

before=$(find "$tree" -printf '%p %C@\n' | sort)
fix-permissions "$tree"
[[ "$before" == "$(find "$tree" -printf '%p %C@\n' | sort)" ]] || {
    echo 'touched again' >&2
    exit 1
}
if fix-permissions; then
    echo 'no folder was accepted' >&2
    exit 1
fi
rm -rf "$tree"
