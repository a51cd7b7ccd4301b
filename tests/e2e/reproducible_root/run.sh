#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh none: one root image bootstrapped twice, in build folders of different names and one after
# the other, is the same bytes.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
mirror="${CAIRN_DEBIAN_MIRROR:-http://deb.debian.org/debian}"

skip() { # WHY
  echo "$1" >&2
  [ "${CAIRN_REQUIRE_E2E:-0}" = 1 ] && exit 1
  exit 77
}

command -v mmdebstrap >/dev/null ||
  skip "mmdebstrap is not installed: apt-get install mmdebstrap"
curl --silent --fail --max-time 30 --output /dev/null "$mirror/dists/bookworm/InRelease" ||
  skip "the mirror '$mirror' cannot be reached"
open_world "$1"
# Nothing is asked of an engine: the root is made without one.
cp "$support/../cmake/support/engine.json" "$engine_file"

# The smallest variant in which Debian's own scripts run: they write times, caches and logs.
cat >"$world/src/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(reproducible LANGUAGES NONE)
find_package(Cairn REQUIRED)
add_docker_stack(${STACK} ALL REGISTRY registry.example OWNER ${STACK} CONTEXT_ROOT images)
add_docker_rootfs(root NO_UPDATES SUITE bookworm VARIANT essential)
END

bootstrap() { # BUILD_FOLDER: sets tar
  must configure "$1" "-DCAIRN_DEBIAN_MIRROR=$mirror"
  must ninja -C "$1" "cairn/rootfs/root/$arch/rootfs.tar"
  tar="$1/cairn/rootfs/root/$arch/rootfs.tar"
}

bootstrap "$world/first"
first="$tar"
next_second
bootstrap "$world/another/folder of the second"
[ "$(stat -c %Y "$first")" != "$(stat -c %Y "$tar")" ] || fail "both were made in one second"
tar -tf "$first" >"$world/names" || fail "it is no archive"
grep -qxF ./usr/bin/dpkg "$world/names" || fail "it is no Debian"
if ! cmp -s "$first" "$tar"; then
  mkdir "$world/one" "$world/two"
  tar -xf "$first" -C "$world/one" --exclude './dev/*'
  tar -xf "$tar" -C "$world/two" --exclude './dev/*'
  {
    diff -rq --no-dereference "$world/one" "$world/two"
    diff <(tar -tvf "$first") <(tar -tvf "$tar")
  } 2>&1 | sed "s|$world|@|g" | head -n 40 >"$world/out"
  fail "the second root has other bytes"
  show_file "$world/out"
fi
finish
