#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh none: each thing that a doctor finds in a registry, made by hand; the command that it names
# mends it.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/family.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/family.sh"
open_family_world "$1"
start_registry "$world/registry"
start_proxy "$world/proxy" "$registry"
base=jupyter/base-notebook
index=application/vnd.oci.image.index.v1+json
make_family one --images 3

# finds KIND WHERE WHAT: one kind of finding, at that tag or image among others.
finds() {
  release doctor one "$registry" --json
  expect_status 1 "$3"
  jq -e --arg kind "$1" --arg where "$2" '[.. | objects | select(.kind? == $kind)] |
    any(.where | contains($where))' "$world/out" >/dev/null || {
    fail "$3: no finding '$1' at '$2'"
    show_file "$world/out"
  }
  jq -e '[.. | objects | select(has("kind") and has("where"))] |
    all((.what | length > 0) and (.command | length > 0))' "$world/out" >/dev/null ||
    fail "$3: a finding says nothing or names no command"
  release doctor one "$registry"
  expect_status 1 "$3, for people"
  expect_text "$2" "$3, for people"
}

mended_by_publish() { # WHAT
  release publish one "$registry"
  expect_status 0 "a publish after $1"
  expect_tags "a publish after $1" --all-of "$world/one" --platforms 2
  release doctor one "$registry"
  expect_status 0 "a doctor after $1 was mended"
}

finds no-release "" "a registry with nothing in it"
mended_by_publish "nothing was there"

child="$(jq -r ".tags[\"$base:latest\"][1]" "$world/one/family.json")"
delete_manifest "$base" "$child"
finds dangling-child base-notebook "a child that is gone"
mended_by_publish "a child was gone"

get_manifest "$base" latest | jq -c '.manifests |= .[:1]' |
  put_manifest "$base" python-3.11 "$index"
finds missing-platform base-notebook:python-3.11 "an index of one platform"
mended_by_publish "an index had lost a platform"

get_manifest "$base" latest | jq -c '.annotations.by = "somebody"' |
  put_manifest "$base" hub-5.4.0 "$index"
finds foreign-tag base-notebook:hub-5.4.0 "a tag that somebody moved"
mended_by_publish "somebody moved a tag"

lose_tag "$base" stable
finds missing-tag base-notebook:stable "a tag that is gone"
mended_by_publish "a tag was gone"

get_manifest "$base" latest | put_manifest "$base" somebodys "$index"
finds orphan-tag base-notebook:somebodys "a tag that nobody declares"
lose_tag "$base" somebodys

make_family two --images 3 --generation 2
set_faults '[{"match": "^PUT .*/base-notebook/manifests/stable", "fault": "status",'\
' "status": 403}]'
release publish two "$proxy"
expect_status 1 "a release that stops amid its tags"
set_faults ""
finds torn-release docker-stacks-foundation "a release that is half done"
release rollback - "$registry" --root "$family_root" --take-over
expect_status 0 "a rollback"

make_family one --images 3 --generation 3
release publish one "$registry" --without base-notebook
expect_status 0 "a parent without its children"
finds stale-base base-notebook "children of a former parent"
mended_by_publish "children stood on a former parent"

make_family one --images 3 --generation 4
jq '.tests = []' "$world/one/build/cairn/images/minimal-notebook/x86_64/test.json" >"$world/none"
cp "$world/none" "$world/one/build/cairn/images/minimal-notebook/x86_64/test.json"
release publish one "$registry" --allow-untested minimal-notebook
expect_status 0 "an untested image"
finds untested-digest minimal-notebook "an untested image"

start_registry "$world/staging"
make_family one --images 3 --generation 5
describe_otherwise one '.anchor_tags = ["staging-{version}"]'
release publish one "$registry"
expect_status 0 "a publish with anchors"
finds staging-tag staging-1.5.0 "anchors that are left"
finish
