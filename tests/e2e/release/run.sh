#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh none: the life of a release: published, published again, the next one, one that dies and is
# finished or taken back from afar; to a registry, to one with TLS and a login, and to a folder.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/family.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/family.sh"
open_family_world "$1"
start_registry "$world/registry"
start_proxy "$world/proxy" "$registry"
make_family one
make_family two --generation 2
# The same bytes as two's, and one tag more an image.
make_family named --generation 2 --release 2.0.0
make_family three --generation 3
writes='^(PUT|POST|PATCH|DELETE) '

expect_requests() { # COUNT PATTERN WHAT
  local seen
  seen="$(count_requests "$2")"
  [ "$seen" -eq "$1" ] || fail "$3: $seen requests '$2' instead of $1"
}

# --- Planned, published, published again.
release plan one "$proxy"
expect_status 0 "a plan"
release publish one "$proxy" --dry-run
expect_status 0 "a dry run"
expect_requests 0 "$writes" "a plan and a dry run"
release publish one "$proxy"
expect_status 0 "the first publish"
expect_text "' in '$proxy': 195 tags moved" "the first publish"
expect_tags "the first publish" --all-of "$world/one" --platforms 2
before="$(digest_of jupyter/docker-stacks-foundation cairn-release)"
[ -n "$before" ] || fail "there is no release document"
forget_requests
release publish one "$proxy"
expect_status 0 "the same again"
expect_text "nothing is new in '$proxy'" "the same again"
expect_requests 0 "$writes" "the same again"
[ "$(digest_of jupyter/docker-stacks-foundation cairn-release)" = "$before" ] ||
  fail "the same again is a new release"
release doctor one "$proxy"
expect_status 0 "a doctor after a publish"

# --- The next generation, and only tags new.
release publish two "$proxy"
expect_status 0 "the next generation"
expect_tags "the next generation" --all-of "$world/two" --platforms 2
grep -q "90 of generation 1, 195 of generation 2" "$world/seen" ||
  { fail "other tags than expected" && show_file "$world/seen"; }
forget_requests
release publish named "$proxy"
expect_status 0 "only tags new"
expect_text "' in '$proxy': 18 tags moved" "only tags new"
expect_tags "only tags new" --all-of "$world/named" --platforms 2
expect_requests 18 '^PUT .*/manifests/(x86_64-|aarch64-)?(cuda12-)?2\.0\.0 ' "only tags new"
expect_requests 0 '^PUT .*/manifests/(x86_64-|aarch64-)?(cuda12-)?(latest|python-)' \
  "only tags new"

# --- Taken back: what moved moves back, what is new stays.
release publish three "$proxy"
expect_status 0 "a release that is taken back"
expect_tags "a release that is taken back" --all-of "$world/three" --platforms 2
release rollback three "$proxy"
expect_status 0 "a rollback"
expect_text "' in '$proxy' by release '" "a rollback"
expect_text "'quay.io/jupyter/base-notebook:python-3.11.3' stays: it was new" "a rollback"
expect_tags "a rollback" --all-of "$world/named" --platforms 2
[ -n "$(digest_of jupyter/base-notebook python-3.11.3)" ] || fail "a rollback lost a new tag"
release publish three "$proxy"
expect_status 0 "a publish after a rollback"
expect_tags "a publish after a rollback" --all-of "$world/three" --platforms 2

# --- Refused amid its tags: said with what ends it, and ended from a folder with nothing in it.
make_family four --generation 4
set_faults '[{"match": "^PUT .*/minimal-notebook/manifests/stable", "fault": "status",'\
' "status": 403}]'
release publish four "$proxy"
expect_status 1 "a registry that refuses a tag"
expect_text "' stopped in '$proxy' at 'quay.io/jupyter/minimal-notebook:" \
  "a registry that refuses a tag"
expect_text "of 195 tags: PUT http://$proxy/v2/jupyter/minimal-notebook/manifests/stable: 403
cairn: hint: cairn release resume, or cairn release rollback" "a registry that refuses a tag"
expect_tags "a registry that refuses a tag" --platforms 2
check_tags --all-of "$world/four" && fail "nothing was refused"
mkdir "$world/nowhere"
cd "$world/nowhere" || exit 1
release resume - "$registry" --root "$family_root"
expect_status 0 "a resume from a folder with nothing in it"
expect_text "finished release '" "a resume from a folder with nothing in it"
expect_tags "a resume from a folder with nothing in it" --all-of "$world/four" --platforms 2
release resume - "$registry" --root "$family_root"
expect_status 0 "a resume of nothing"
expect_text "no release is open in '$registry'" "a resume of nothing"

# The next publish finishes it as well, and one that is open can be taken back.
make_family five --generation 5
release publish five "$proxy"
expect_status 1 "a registry that refuses a tag again"
release rollback - "$registry" --root "$family_root"
expect_status 0 "a rollback of a release that is open"
expect_tags "a rollback of a release that is open" --all-of "$world/four" --platforms 2
release publish five "$proxy"
expect_status 1 "a registry that refuses a tag still"
make_family after --generation 6
release publish after "$registry"
expect_status 0 "a publish that finds another one open"
expect_tags "a publish that finds another one open" --all-of "$world/after" --platforms 2
for tag in 1.5.0 1.6.0; do
  [ -n "$(digest_of jupyter/pytorch-notebook "cuda12-$tag")" ] || fail "'$tag' was not finished"
done
set_faults ""

# --- A rollback finds that the former images are collected: none or all.
child="$(jq -r '.tags["jupyter/scipy-notebook:latest"][0]' "$world/five/family.json")"
delete_manifest jupyter/scipy-notebook "$child"
release rollback after "$registry"
expect_status 1 "a rollback to what is gone"
expect_text "cannot be taken back: what it replaced is gone from '$registry':
'quay.io/jupyter/scipy-notebook@$child'" "a rollback to what is gone"
[ "$(digest_of jupyter/base-notebook latest)" = "$(digest_of jupyter/base-notebook 1.6.0)" ] ||
  fail "a rollback to what is gone moved tags"

# --- Images without their parents' children: X and all on it are left out, by name.
make_family six --generation 7
release publish six "$registry" --without scipy-notebook
expect_status 0 "a publish without an image"
expect_text "left out: scipy-notebook, pytorch-notebook, pytorch-notebook-cuda12" \
  "a publish without an image"
for name in docker-stacks-foundation base-notebook minimal-notebook; do
  [ -n "$(digest_of "jupyter/$name" 1.7.0)" ] || fail "without: '$name' is left out"
done
for name in scipy-notebook pytorch-notebook; do
  [ -z "$(digest_of "jupyter/$name" 1.7.0)" ] || fail "without: '$name' is published"
done

# --- A folder: all tags in one step, and the digests of the registry.
start_registry "$world/other"
layout="$world/layout"
release publish one "$registry"
expect_status 0 "a second registry"
release publish one "oci:$layout"
expect_status 0 "a folder"
check_place="oci:$layout" expect_tags "a folder" --all-of "$world/one" --platforms 2
jq -r '.manifests[] | [.annotations["org.opencontainers.image.ref.name"], .digest] |
  join(" ")' "$layout/index.json" | grep '^quay.io' | grep -v ':cairn-release ' |
  sort >"$world/in-layout"
[ "$(wc -l <"$world/in-layout")" -eq 195 ] || fail "the folder has other tags"
while read -r name digest; do
  path="${name#*/}"
  [ "$(digest_of "${path%:*}" "${path##*:}")" = "$digest" ] ||
    fail "'$name' has another digest in a folder"
done < <(shuf -n 25 --random-source="$layout/index.json" "$world/in-layout")
release publish one "oci:$layout"
expect_status 0 "a folder again"
release publish two "oci:$layout"
expect_status 0 "a folder, the next generation"
check_place="oci:$layout" expect_tags "a folder, the next generation" --all-of "$world/two" \
  --platforms 2
release rollback two "oci:$layout"
expect_status 0 "a rollback in a folder"
check_place="oci:$layout" expect_tags "a rollback in a folder" --all-of "$world/one" \
  --platforms 2
run cairn store verify -C "$world/one/build"
expect_status 0 "the store after a publish"

# --- Two destinations, one after another; the path of a mirror.
release publish two "$registry/mirror" --to "oci:$world/second"
expect_status 0 "two destinations"
[ -n "$(digest_of mirror/base-notebook latest)" ] || fail "nothing is in the mirror"
check_place="oci:$world/second" expect_tags "the second destination" --all-of "$world/two"
[ "$(digest_of mirror/base-notebook latest)" = "$(jq -r '.manifests[] | select(
  .annotations["org.opencontainers.image.ref.name"] == "quay.io/jupyter/base-notebook:latest")
  .digest' "$world/second/index.json")" ] || fail "a mirror has another digest"

# --- TLS and a login.
start_registry "$world/basic" tls basic
start_proxy "$world/tls-proxy" "$registry" tls
release publish two "$proxy"
expect_status 3 "a certificate of an unknown CA"
release publish two "$proxy" --ca-bundle "$registry_ca"
expect_status 1 "no login"
expect_text "docker login $proxy" "no login"
log_in "$world/login" "$proxy" "$registry_user" "$registry_password"
release publish two "$proxy" --ca-bundle "$registry_ca"
expect_status 0 "TLS and a login"
check_place="https://$proxy"
check_options=(--ca "$registry_ca" --user "$registry_user:$registry_password")
expect_tags "TLS and a login" --all-of "$world/two" --platforms 2
release doctor two "$proxy" --ca-bundle "$registry_ca"
expect_status 0 "a doctor with TLS and a login"
grep -rqF "$registry_password" "$world/two" "$world/out" && fail "the password is in a record"

# --- Tokens.
start_registry "$world/tokens" token
log_in "$world/login" "$registry" "$registry_user" "$registry_password"
release publish two "$registry"
expect_status 0 "a publish with tokens"
release publish three "$registry"
expect_status 0 "another publish with tokens"
finish
