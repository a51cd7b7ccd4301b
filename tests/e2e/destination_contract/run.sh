#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh TEST_PROGRAM: the contract of destinations against Debian's docker-registry, and what it
# then holds as seen by a client that nobody here wrote.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/registry.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/registry.sh"
root="${CAIRN_TEST_ROOT:-/var/tmp/cairn-test-$(id -u)}"
mkdir -p "$root" || exit 1
world="$(mktemp -d "$root/story-XXXXXX")" || exit 1
echo $$ >"$world/owner"
trap close_world EXIT
trap 'exit 130' INT TERM HUP
need_for_registry curl curl
need_for_registry jq jq
start_registry "$world/registry"

CAIRN_TEST_REGISTRY="$registry" CAIRN_TEST_LAYOUT="$world/layout" "$1" || exit 1

run curl -sS -H "Accept: application/vnd.oci.image.manifest.v1+json" \
  "http://$registry/v2/family/root/manifests/cairn-release"
expect_status 0 "the release document, read by curl"
[ "$(jq -r .artifactType "$world/out")" = application/vnd.cairn.release.v1+json ] || {
  fail "the release document is of another type"
  show_file "$world/out"
}
layer="$(jq -r '.layers[0].digest' "$world/out")"
run curl -sS "http://$registry/v2/family/root/blobs/$layer"
[ "$(jq -r .schema "$world/out")" = cairn/release/1 ] || {
  fail "the layer of the release document is no such document"
  show_file "$world/out"
}
finish
