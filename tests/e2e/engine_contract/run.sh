#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh KIND TEST_PROGRAM PROBE NAME: the contract tests against a private engine of its own.
set -u
kind="$1"
support="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../support" && pwd)"
dir="${CAIRN_TEST_ROOT:-/var/tmp/cairn-test-$(id -u)}/$4-$kind"

"$support/private_engine.sh" stop "$dir"
trap '"$support/private_engine.sh" stop "$dir"' EXIT
trap 'exit 130' INT TERM

mkdir -p "$dir" || exit 1
export CAIRN_STATIC_PROBE="$3"
# What image IDs are is another matter there.
[ "$kind" != docker-containerd ] || export CAIRN_DOCKERD_STORE=containerd
endpoint="$("$support/private_engine.sh" endpoint "$kind" "$dir/engine" $$)"
status=$?
if [ "$status" -eq 77 ] && [ "${CAIRN_REQUIRE_E2E:-0}" = 1 ]; then
  echo "CAIRN_REQUIRE_E2E=1: this machine must have $kind" >&2
  status=1
fi
[ "$status" -eq 0 ] || exit "$status"
printf '%s\n' "$endpoint" >"$dir/engine.json"

CAIRN_TEST_ENDPOINT="$dir/engine.json" CAIRN_TEST_PROBE="$3" "$2" "${@:5}"
status=$?
"$support/private_engine.sh" stop "$dir/engine"
exit "$status"
