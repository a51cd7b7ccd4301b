#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh KIND: an external base, pinned by `cairn lock` in a file, against a real registry.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/registry.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/registry.sh"
open_world "$1"
start_registry "$world/registry"
build="$world/build"
base="$registry/family/base:1"

push_base() { # VERSION: the same tag for another image; sets pushed to its digest
  printf 'FROM scratch\nCOPY probe /probe\nLABEL version=%s\n' "$1" >"$world/base/Dockerfile"
  must engine build -t "$base" "$world/base"
  must engine push "$base"
  pushed="$(sed -nE 's/.* digest: (sha256:[0-9a-f]{64}) .*/\1/p' "$world/must.log")"
}

version_of_child() {
  engine inspect --format '{{.Config.Labels.version}}' "registry.example/$stack/child:latest"
}

mkdir "$world/base"
cp "$CAIRN_STATIC_PROBE" "$world/base/probe"
cat >"$world/src/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(locked LANGUAGES NONE)
find_package(Cairn REQUIRED)
add_docker_stack(${STACK} ALL REGISTRY registry.example OWNER ${STACK} CONTEXT_ROOT images)
add_docker_image(child)
END
printf 'FROM %s\nLABEL child=yes\n' "$base" | make_context child
push_base 1
first="$pushed"
must configure "$build"

run cairn lock -C "$build"
expect_status 0 "the first lock"
expect_text "locked      $base  ${first:0:19}" "the first lock"
cp "$world/src/cairn.lock" "$world/out"
expect_text "{
  \"bases\": {
    \"$base\": {
      \"digest\": \"$first\",
      \"platforms\": {
        \"linux/amd64\": \"$first\"
      }
    }
  },
  \"schema\": \"cairn/lock/1\"
}" "the lock file"

must engine rmi "$base"
run ninja -C "$build"
expect_status 0 "a build on the locked base"
[ "$(version_of_child)" = 1 ] || fail "the child stands on version '$(version_of_child)'"

# The tag moves, in the registry and in the engine: the lock does not.
push_base 2
second="$pushed"
[ "$first" != "$second" ] || fail "both versions are one image"
run ninja -C "$build"
expect_status 0 "a build after the tag moved"
expect_no_text "building 'child'" "a build after the tag moved"
run cairn lock -C "$build" --stale
expect_status 1 "a stale lock"
expect_text "stale       $base  ${first:0:19} -> ${second:0:19}" "a stale lock"
run cairn lock -C "$build"
expect_status 0 "a lock that holds all"
expect_text "kept        $base  ${first:0:19}" "a lock that holds all"

run cairn lock -C "$build" --update "$base"
expect_status 0 "an update"
expect_text "moved       $base  ${first:0:19} -> ${second:0:19}" "an update"
run ninja -C "$build"
expect_text "built 'child'" "a build after the update"
[ "$(version_of_child)" = 2 ] || fail "the child stands on version '$(version_of_child)'"
run cairn lock -C "$build" --stale
expect_status 0 "a lock that is up to date"

run cairn lock -C "$build" --update "$registry/family/bass:1"
expect_status 1 "a base that nobody uses"
expect_text "cairn: error: no recipe of the stack stands on '$registry/family/bass:1'
cairn: hint: did you mean '$base'?" "a base that nobody uses"

cp "$world/src/cairn.lock" "$world/before"
printf 'FROM %s/family/none\n' "$registry" | make_context child
run cairn lock -C "$build"
expect_status 1 "a base that is not there"
expect_text "cairn: error: base '$registry/family/none:latest' is not in the registry '$registry'
cairn: hint: correct the reference in the recipe" "a base that is not there"
cmp -s "$world/before" "$world/src/cairn.lock" || fail "a failed lock changed the file"

stop_registry
run cairn lock -C "$build"
expect_status 3 "a registry that is gone"
expect_text "cairn: error: GET https://$registry/v2/: Failed to connect" "a registry that is gone"

printf 'FROM scratch\nLABEL child=yes\n' | make_context child
run cairn lock -C "$build"
expect_status 0 "a base that is no longer used"
expect_text "dropped     $base  ${second:0:19}" "a base that is no longer used"
finish
