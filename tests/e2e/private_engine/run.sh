#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# A private engine ends with its owner, however it died, and leaves nothing.
set -u
tool="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../support" && pwd)/private_engine.sh"
dir="${CAIRN_TEST_ROOT:-/var/tmp/cairn-test-$(id -u)}/private-engine-$$"
failures=0

fail() {
  echo "FAILED: $1" >&2
  failures=$((failures + 1))
}

expect_gone() { # WHAT HOST
  local run="${2#unix://}"
  run="$(dirname "$run")"
  [ -e "$dir" ] && fail "$1: '$dir' is still there"
  [ -e "$run" ] && fail "$1: '$run' is still there"
  ip link show "$(basename "$run")" >/dev/null 2>&1 && fail "$1: its bridge is still there"
  grep -qE " ($dir|$run)/" /proc/self/mountinfo && fail "$1: something is still mounted"
  grep -lsF "$run" /proc/[0-9]*/cmdline >/dev/null && fail "$1: a process is still running"
}

trap '"$tool" stop "$dir"' EXIT
trap 'exit 130' INT TERM

host="$("$tool" start "$dir" $$)"
status=$?
if [ "$status" -eq 77 ] && [ "${CAIRN_REQUIRE_E2E:-0}" = 1 ]; then
  fail "CAIRN_REQUIRE_E2E=1: this machine must have docker"
  exit 1
fi
[ "$status" -eq 0 ] || exit "$status"
docker -H "$host" version >/dev/null || fail "no answer at '$host'"
[ "$("$tool" start "$dir" $$)" = "$host" ] || fail "a second start is not the same engine"
"$tool" reap
docker -H "$host" version >/dev/null || fail "reap stopped an engine whose owner lives"
"$tool" stop "$dir"
expect_gone "stop" "$host"

# Engine and owner killed: the next caller cleans up.
sleep 600 &
owner=$!
host="$("$tool" start "$dir" "$owner")"
kill -KILL "$(cat "$(dirname "${host#unix://}")/docker.pid")" "$owner"
wait "$owner" 2>/dev/null
"$tool" reap
expect_gone "reap" "$host"

error="$("$tool" start "$(dirname "$tool")/here" 2>&1)" && fail "started in the source tree"
case "$error" in
  *"lies in the source tree") ;;
  *) fail "unexpected words: $error" ;;
esac
error="$("$tool" endpoint nerdctl "$dir" 2>&1)"
[ $? -eq 2 ] || fail "an unknown engine is no usage error"
expected="private_engine.sh: unknown engine 'nerdctl'; expected docker-buildkit, docker-legacy, "
expected+="docker-buildx, docker-containerd, podman or buildah"
[ "$error" = "$expected" ] || fail "unexpected words: $error"

[ "$failures" -eq 0 ]
