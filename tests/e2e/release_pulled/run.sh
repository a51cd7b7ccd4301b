#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh none: what was published, pulled by skopeo, crane and oras, which share no line with Cairn:
# each platform of each image by its architecture, with skopeo also by its digest; all digests, also
# of tags, are the plan's. CAIRN_PULLERS is where crane and oras are unpacked (pullers.sh); one that
# is not there, or does not start, is told of, and the others pull.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/family.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/family.sh"
open_family_world "$1"
need_for_registry skopeo skopeo
others=()
for program in crane oras; do
  PATH="${CAIRN_PULLERS:-/nowhere}/$program/root/usr/bin:$PATH"
  if "$program" version >/dev/null 2>&1; then
    others+=("$program")
  else
    echo "NOT PULLED by $program: it is not to be had or does not start here"
  fi
done
start_registry "$world/registry" tls basic
log_in "$world/login" "$registry" "$registry_user" "$registry_password"
make_family one --images 3
release_command plan one "$registry" --ca-bundle "$registry_ca" --json
"${command[@]}" >"$world/plan" 2>"$world/out" || { fail "no plan" && show_file "$world/out"; }
release publish one "$registry" --ca-bundle "$registry_ca"
expect_status 0 "a publish"

mkdir "$world/ca"
cp "$registry_ca" "$world/ca/ca.crt"
# pull WHAT NAME DIGEST OPTIONS...: into a folder; skopeo compares each blob with its digest.
pull() {
  rm -rf "$world/pulled"
  if ! skopeo --insecure-policy "${@:4}" copy --quiet --preserve-digests \
    --src-cert-dir "$world/ca" --authfile "$DOCKER_CONFIG/config.json" \
    "docker://$registry/jupyter/$2" "dir:$world/pulled" \
    </dev/null >"$world/skopeo.log" 2>&1; then
    fail "skopeo pulls no '$2' ($1)" && show_file "$world/skopeo.log"
    return
  fi
  pulled=$((pulled + 1))
  [ "sha256:$(sha256sum <"$world/pulled/manifest.json" | head -c 64)" = "$3" ] ||
    fail "'$2' ($1) is not the plan's '$3'"
}

# pull_into_layout WHAT DIGEST COMMAND...: crane or oras into the image layout $world/pulled; both
# compare each blob with its digest.
pull_into_layout() {
  rm -rf "$world/pulled"
  if ! SSL_CERT_FILE="$registry_ca" "${@:3}" </dev/null >"$world/pull.log" 2>&1; then
    fail "$1: not pulled" && show_file "$world/pull.log"
    return
  fi
  by_others=$((by_others + 1))
  [ "$(jq -r '.manifests[0].digest' "$world/pulled/index.json")" = "$2" ] ||
    fail "$1: it is not the plan's '$2'"
  [ "$(sha256sum <"$world/pulled/blobs/sha256/${2#sha256:}" | head -c 64)" = "${2#sha256:}" ] ||
    fail "$1: the manifest has other bytes"
}

digest_of_tag() { # NAME: by skopeo
  skopeo inspect --raw --cert-dir "$world/ca" --authfile "$DOCKER_CONFIG/config.json" \
    "docker://$registry/jupyter/$1" </dev/null | sha256sum | sed 's/^\(.\{64\}\).*/sha256:\1/'
}

pulled=0 by_others=0 tags=0
while read -r name new; do
  tags=$((tags + 1))
  [ "$(digest_of_tag "$name")" = "$new" ] || fail "'$name' is not the plan's '$new'"
done < <(jq -r '.[0].tags[] | select(.action == "create") |
  "\(.repository | sub("^quay.io/jupyter/"; "")):\(.tag) \(.new)"' "$world/plan")
[ "$tags" -eq "$(jq '.[0].tags | length' "$world/plan")" ] || fail "$tags tags are looked at"
while read -r image platform manifest; do
  architecture="${platform#linux/}"
  pull "$platform" "$image:latest" "$manifest" --override-os linux \
    --override-arch "$architecture"
  pull "$platform by digest" "$image@$manifest" "$manifest"
  reference="$registry/jupyter/$image:latest"
  for program in "${others[@]}"; do
    words=(pull --platform "$platform" --format oci "$reference" "$world/pulled")
    [ "$program" = crane ] ||
      words=(copy --platform "$platform" --to-oci-layout "$reference" "$world/pulled:it")
    pull_into_layout "$program, '$image' ($platform)" "$manifest" "$program" "${words[@]}"
  done
done < <(jq -r '.[0].images[] | .repository as $name | .platforms[] |
  "\($name | sub("^quay.io/jupyter/"; "")) \(.platform) \(.manifest)"' "$world/plan")
[ "$pulled" -eq 12 ] || fail "$pulled images are pulled, not twice 3 for 2 platforms"
[ "$by_others" -eq $((6 * ${#others[@]})) ] ||
  fail "$by_others images are pulled by ${others[*]}, not 6 by each"
finish
