#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh none: Ctrl-C of a publish, while it uploads, while its lease settles, and amid its tags:
# it says where it stopped, nobody has to wait for its lease, and a run after it ends it.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/family.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/family.sh"
open_family_world "$1"
start_registry "$world/registry"
start_proxy "$world/proxy" "$registry"
release_ttl=300 # whoever had to wait for a lease would hang

# shellcheck disable=SC2317 # wait_until calls it
has_seen() { [ "$(count_requests "$1")" -gt "$2" ]; } # PATTERN TIMES

# interrupts SIGNAL PATTERN TIMES WHAT: once so many requests were answered. Sets status.
interrupts() {
  local began
  wait_until 30 has_seen "$2" "$3" || fail "$4: it does not get there"
  began="$SECONDS"
  kill "-$1" "$publisher"
  status=0
  wait "$publisher" || status=$?
  cp "$world/$name.out" "$world/out"
  expect_status 130 "$4"
  [ $((SECONDS - began)) -le 5 ] || fail "$4: it takes $((SECONDS - began)) s to end"
  set_faults ""
}

state_of_release() { # prints `<state> <ttl>`, or nothing
  local blob
  blob="$(get_manifest jupyter/docker-stacks-foundation cairn-release |
    jq -r '.layers[0].digest')"
  [ -z "$blob" ] || curl -s -f "http://$registry/v2/jupyter/docker-stacks-foundation/blobs/$blob" |
    jq -r '[.state, .ttl] | join(" ")'
}

expect_state() { # STATE WHAT
  [ "$(state_of_release)" = "$1" ] || fail "$2: the document is '$(state_of_release)', not '$1'"
}

# --- While it uploads: there is no lease, and nothing is visible.
name=one
make_family one --images 2
set_faults '[{"match": "^(PUT|PATCH) .*/uploads/", "fault": "slow", "seconds": 0.3}]'
start_publish one "$proxy"
interrupts INT '^PUT .*/uploads/' 2 "an upload"
expect_text "cairn: error: interrupted" "an upload"
expect_state "" "an upload"
check_tags
grep -qxF "0 tags (none), 0 listed and absent, 0 torn" "$world/seen" ||
  { fail "an upload that was stopped shows" && show_file "$world/seen"; }
release publish one "$proxy"
expect_status 0 "a publish after an upload that was stopped"
expect_tags "a publish after an upload that was stopped" --all-of "$world/one" --platforms 2

# --- While the lease settles: it is given back, and nothing has moved.
name=two
make_family two --images 2 --generation 2
forget_requests
release_settle=20
start_publish two "$proxy"
release_settle=0.02
interrupts INT '^PUT .*/manifests/cairn-release ' 0 "a lease"
expect_text "cairn: error: interrupted" "a lease"
expect_state "leased 0" "a lease"
expect_tags "a lease that was given back" --all-of "$world/one" --platforms 2
release publish two "$proxy"
expect_status 0 "a publish after a lease that was given back"
expect_tags "a publish after a lease that was given back" --all-of "$world/two" --platforms 2

# --- Amid the tags: finished from anywhere at once, by resume, by a publish, or taken back.
amid_tags() { # SIGNAL
  forget_requests
  set_faults '[{"match": "^PUT .*/manifests/x86_64-", "fault": "slow", "seconds": 0.2}]'
  start_publish "$name" "$proxy"
  interrupts "$1" '^PUT .*/manifests/x86_64-' 4 "a move of tags, $1"
  expect_text "' stopped in '$proxy' at 'quay.io/jupyter/" "a move of tags, $1"
  expect_text " tags: interrupted
cairn: hint: cairn release resume, or cairn release rollback" "a move of tags, $1"
  expect_state "open 0" "a move of tags, $1"
  expect_tags "a move of tags that was stopped" --platforms 2
  check_tags --all-of "$world/$name" && fail "$1 came too late to stop anything"
}
name=three
make_family three --images 2 --generation 3
amid_tags INT
release resume - "$registry" --root "$family_root"
expect_status 0 "a resume after a stop"
expect_text "finished release '" "a resume after a stop"
expect_state "closed 300" "a resume after a stop"
expect_tags "a resume after a stop" --all-of "$world/three" --platforms 2
name=four
make_family four --images 2 --generation 4
amid_tags TERM
release rollback - "$registry" --root "$family_root"
expect_status 0 "a rollback after a stop"
expect_tags "a rollback after a stop" --all-of "$world/three" --platforms 2
amid_tags INT
release publish four "$proxy"
expect_status 0 "a publish after a stop"
expect_tags "a publish after a stop" --all-of "$world/four" --platforms 2
finish
