#!/bin/bash
# What an image must not carry: package lists, caches, certificates of the machine that built it.
set -u
status=0
complain() {
    printf '%s\n' "$*" >&2
    status=1
}

for folder in /var/lib/apt/lists /var/cache/apt/archives; do
    files=$(find "$folder" -type f ! -name lock -size +0 2> /dev/null)
    [[ -z "$files" ]] || complain "left in $folder: $files"
done
for path in ~/.cache/pip ~/.npm ~/.cache/rosetta /root/.cache; do
    [[ ! -e "$path" ]] || complain "$path is left"
done
[[ ! -s /run/cairn-ca.crt ]] || complain "the build's certificates are in the image"
[[ -z "${PIP_CERT:-}" ]] || complain "PIP_CERT is set in the image"
temporary=$(find /tmp -mindepth 1 -maxdepth 1 -user "$(id -un)" -name 'pip-*')
[[ -z "$temporary" ]] || complain "left in /tmp: $temporary"
exit $status
