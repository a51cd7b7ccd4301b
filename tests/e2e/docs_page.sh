#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# docs_page.sh <page.md> [<project folder>]: does what a page of docs/ says, with an installed Cairn
# (CAIRN_BUILD: the build tree to install from) and a private engine, in a folder that goes with it.
set -euo pipefail
page=$1
project=${2:-}
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

world=$(mktemp -d "${TMPDIR:-/var/tmp}/cairn-docs-XXXXXX")
cleanup() {
  "$source/tests/support/private_engine.sh" stop "$world/engine" >/dev/null 2>&1 || true
  rm -rf "$world"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

skip() {
  echo "skipped: $1"
  [ "${CAIRN_REQUIRE_E2E:-0}" = 1 ] && exit 1
  exit 77
}

status=0
DOCKER_HOST=$("$source/tests/support/private_engine.sh" start "$world/engine" "$$") || status=$?
[ "$status" -ne 77 ] || skip "this machine has no docker daemon to start"
[ "$status" -eq 0 ] || exit 1
export DOCKER_HOST

cmake --install "$CAIRN_BUILD" --prefix "$world/prefix" >"$world/install.log" || {
  cat "$world/install.log"
  exit 1
}
export CTEST_OUTPUT_ON_FAILURE=1
export XDG_STATE_HOME=$world/state
unset CMAKE_PREFIX_PATH CMAKE_GENERATOR CMAKE_EXPORT_COMPILE_COMMANDS CAIRN_REQUIRE_E2E
# Where Cairn is and how CMake is to generate, only the page's own lines say.
eval "$(sed -n "s#~/cairn#$world/prefix#g; /^export /p" "$page")"

mkdir "$world/work"
[ -z "$project" ] || cp -R "$project/." "$world/work/"
python3 -B "$source/tests/support/run_page.py" "$page" "$world/work"
