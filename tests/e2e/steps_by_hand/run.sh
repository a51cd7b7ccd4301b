#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh KIND: every step of the tool, called by hand; and records that outlive build folders.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
open_world "$1"
build="$world/build"

cat >"$world/src/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(hand LANGUAGES NONE)
find_package(Cairn REQUIRED)
add_docker_stack(${STACK} ALL REGISTRY registry.example OWNER ${STACK} CONTEXT_ROOT images)
add_docker_tag_probe(version COMMAND /probe print 1.2.3)
add_docker_image(root TAG_PROBES version)
add_docker_image(child PARENTS root)
add_docker_test(runs IMAGE root COMMAND /probe print fine EXPECT_STDOUT fine)
END
# The shell of this image is a program that says which user it has.
make_context root <<'END'
FROM scratch
COPY probe /probe
COPY probe /bin/sh
END
put_probe root
printf 'FROM registry.example/%s/root\nLABEL a=b\n' "$stack" | make_context child

expect_json() { # FILTER EXPECTED WHAT
  local seen
  seen="$(jq -r "$1" "$world/out" 2>&1)"
  [ "$seen" = "$2" ] && return 0
  fail "$3: $1 gives '$seen' instead of '$2'"
  show_file "$world/out"
}

step() { # COMMAND...: its JSON alone is kept in $world/out
  status=0
  "$@" >"$world/out" 2>"$world/err" || status=$?
  [ "$status" -eq 0 ] || { fail "$*: exit status $status"; show_file "$world/err"; }
}

expect_nothing_built() { # BUILD_FOLDER WHAT
  run ninja -C "$1" images images-test
  expect_status 0 "$2"
  expect_no_text "cairn: building" "$2"
  expect_no_text "inspected by" "$2"
}

must configure "$build"
step cairn scan "$build" --json
expect_json '.[0].images' 2 "scan"
expect_json '.[0].rewritten | join(" ")' "root/$arch child/$arch" "scan"
# Files as young as the file system's clock is coarse are looked at again: not for long.
for _ in $(seq 50); do
  step cairn scan "$build" --json
  [ "$(jq -r '.[0].unchanged' "$world/out")" != 2 ] || break
done
expect_json '.[0].unchanged' 2 "a later scan"
run cairn build "$build/cairn/images/child/$arch"
expect_status 1 "a child before its parent"
expect_text "cairn: error: parent 'root' of 'child' is not built
cairn: hint: cairn build @/build/cairn/images/root/$arch" "a child before its parent"
step cairn build -C "$build" root --json
expect_json '.[0].outcome' built "build"
step cairn build -C "$build" root --json
expect_json '.[0].outcome' reused "a second build"
echo 'LABEL changed="1"' >>"$world/src/images/root/Dockerfile"
step cairn build -C "$build" child --json
expect_json '.[0].parents[0].target' root "build of a child"
expect_json 'length' 1 "build of a child and its parent"
step cairn build -C "$build" root --json
expect_json '.[0].outcome' reused "a parent that was built on the way"
step cairn inspect -C "$build" child --json
expect_json '.[0].tags[0]' "version-1.2.3" "inspect"
step cairn test -C "$build" child --json
expect_json '.[0].status' passed "test"
step cairn status -C "$build" --json
expect_json '[.[0].images[].state] | join(" ")' "fresh fresh" "status"
expect_json '.[0].images[1].passed' 1 "status"
if [ "${kind%-*}" = docker ]; then
  run script -qec "cairn shell -C '$build' root" /dev/null
  expect_text "probe: unknown verb '-c'" "shell"
fi

# What is known is not made again.
run ninja -C "$build" images images-test
expect_no_text "cairn: building" "the graph after the steps by hand"
must ninja -C "$build" -t clean
expect_nothing_built "$build" "after 'ninja clean'"
mv "$build" "$world/moved"
must configure "$world/elsewhere"
expect_nothing_built "$world/elsewhere" "another build folder with the same store"
rm -rf "$world/moved" "$world/elsewhere"
must configure "$build"
expect_nothing_built "$build" "a removed build folder with the same store"

run cairn clean -C "$build" --dry-run
expect_text "would remove image" "clean --dry-run"
[ -n "$(id_of "registry.example/$stack/root:latest")" ] || fail "a dry run removed an image"
run cairn clean -C "$build"
expect_status 0 "clean"
[ -z "$(id_of "registry.example/$stack/root:latest")" ] || fail "clean left an image"
run ninja -C "$build" images
expect_status 0 "the build after clean"
expect_text "cairn: built 'root' in" "the build after clean"
finish
