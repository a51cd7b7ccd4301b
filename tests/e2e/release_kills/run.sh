#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh none: publishes that die at random moments, some with their registry. Whatever is visible
# then is whole, and a run from a fresh folder with another store ends what was begun. And one that
# stands still while it holds the lease: whoever took over is left alone when it goes on.
# CAIRN_KILL_ROUNDS (15), CAIRN_STOP_ROUNDS (3), CAIRN_KILL_SEED.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/family.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/family.sh"
open_family_world "$1"
held=":cairn-release' is held by '"
rounds="${CAIRN_KILL_ROUNDS:-15}" stops="${CAIRN_STOP_ROUNDS:-3}"
RANDOM=$((${CAIRN_KILL_SEED:-$(date +%s)} % 32768))
at_once=5 # rounds in one registry: each leaves tags, and every check looks at all of them

milliseconds() { echo $(($(date +%s%N) / 1000000)); }

# How long a publish takes that nobody ends: what the moments are drawn from.
start_registry "$world/pristine"
make_family first
began="$(milliseconds)"
release publish first "$registry"
expect_status 0 "the first publish"
lasts=$(($(milliseconds) - began))
expect_tags "the first publish" --all-of "$world/first" --platforms 2
stop_registry

# A registry with that publish in it.
start_over() { # NAME
  [ "$registry_log" = "$world/pristine/log" ] || {
    stop_registry
    rm -rf "${registry_log%/log}"
  }
  mkdir "$world/$1"
  must cp -r "$world/pristine/data" "$world/$1/data"
  start_registry "$world/$1"
}

# Where the publisher was when it died, as its tags say.
note_moment() { # GENERATION
  local new
  new="$(sed -nE "s/.*[ (]([0-9]+) of generation $1[,)].*/\1/p" "$world/seen" | tail -n 1)"
  if [ "$status" -eq 0 ]; then
    ended=$((ended + 1))
  elif [ "${new:-0}" -eq 0 ]; then
    early=$((early + 1))
  else
    amid=$((amid + 1))
  fi
}

# shellcheck disable=SC2317 # wait_until calls it
publishes_or_fails() { # NAME: false while somebody else holds the lease
  release publish "$1" "$registry"
  [ "$status" -eq 0 ] || ! grep -q "$held" "$world/out"
}

# From a fresh folder: the registry is all that is known of what died.
finish_from_afar() { # NAME GENERATION
  make_family "$1" --generation "$2"
  if [ $((RANDOM % 4)) -gt 0 ]; then
    release resume - "$registry" --root "$family_root" --take-over
    expect_status 0 "round $2: resume --take-over" || return
    release publish "$1" "$registry"
  else
    # Nobody takes over before the lease has run out.
    wait_until 20 publishes_or_fails "$1"
  fi
  expect_status 0 "round $2: the run after the kill"
  [ "$status" -ne 137 ] || hung=$((hung + 1))
}

release_ttl=1
early=0 amid=0 ended=0 torn=0 cut=0 unfinished=0 hung=0 restarts=0
for round in $(seq "$rounds"); do
  generation=$((round + 1))
  [ $((round % at_once)) -ne 1 ] || start_over "registry-$round"
  make_family dies --generation "$generation"
  touch "$world/mark"
  start_publish dies "$registry"
  with_registry=$((round % 3 == 0))
  sleep "$(random_below $((lasts + lasts / 10)))"
  if [ "$with_registry" -eq 1 ]; then
    kill_registry
    restarts=$((restarts + 1))
    # The publisher outlives it sometimes.
    [ $((RANDOM % 2)) -eq 0 ] || sleep "$(random_below 100)"
  fi
  kill -KILL "$publisher" 2>/dev/null
  status=0
  wait "$publisher" 2>/dev/null || status=$?
  if [ "$with_registry" -eq 1 ]; then
    short="$(mend_registry_files "$world/mark")"
    [ "$short" -eq 0 ] || cut=$((cut + 1))
    restart_registry
  fi
  check_tags --platforms 2 || {
    torn=$((torn + 1))
    fail "round $round: torn after the kill" && show_file "$world/seen"
  }
  note_moment "$generation"
  finish_from_afar fresh "$generation"
  check_tags --all-of "$world/fresh" --platforms 2 || {
    unfinished=$((unfinished + 1))
    fail "round $round: not whole after the run" && show_file "$world/seen"
  }
  rm -rf "$world/dies" "$world/fresh"
done
write_figures "$(jq -nc --arg rounds "$rounds" --arg restarts "$restarts" --arg early "$early" \
  --arg amid "$amid" --arg ended "$ended" --arg torn "$torn" --arg cut "$cut" \
  --arg unfinished "$unfinished" --arg hung "$hung" \
  '$ARGS.named | map_values(tonumber)')"

# --- One that stands still. Its answers are slow, so that it is stopped between two of them.
start_over stops
start_proxy "$world/proxy" "$registry"
release_ttl=2
moved_late=0
# shellcheck disable=SC2317 # wait_until calls it
has_put() { [ "$(count_requests "$1")" -gt "$2" ]; } # PATTERN TIMES
for round in $(seq "$stops"); do
  generation=$((rounds + 2 * round))
  make_family still --generation "$generation"
  make_family other --generation $((generation + 1))
  forget_requests
  set_faults '[{"match": "^PUT .*/manifests/[^s]", "fault": "slow", "seconds": 0.3}]'
  # In turn: when it holds the lease and has moved nothing, and amid its tags.
  release_settle="$((round % 2))"
  start_publish still "$proxy"
  release_settle=0.02
  if [ $((round % 2)) -eq 1 ]; then
    wait_until 30 has_put '^PUT .*/manifests/cairn-release ' 0 || fail "no lease is taken"
  else
    wait_until 30 has_put '^PUT .*/manifests/x86_64-' $((RANDOM % 8)) || fail "no tag is moved"
  fi
  kill -STOP "$publisher"
  release publish other "$registry"
  expect_status 1 "round $round: a publish while the lease is held"
  expect_text "$held" "round $round: a publish while the lease is held"
  expect_text "cairn: hint: wait until it has ended; if it is dead, anyone may go on in" \
    "round $round: a publish while the lease is held"
  sleep "$((release_ttl + 2))"
  release publish other "$registry"
  expect_status 0 "round $round: a publish after the lease has run out"
  expect_tags "round $round: after the takeover" --all-of "$world/other" --platforms 2
  forget_requests
  kill -CONT "$publisher"
  status=0
  wait "$publisher" || status=$?
  cp "$world/still.out" "$world/out"
  expect_status 1 "round $round: the one that stood still"
  check_tags --all-of "$world/other" --platforms 2 || {
    moved_late=$((moved_late + 1))
    fail "round $round: the one that stood still moved tags" && show_file "$world/seen"
  }
  rm -rf "$world/still" "$world/other"
done
echo "$stops stood still while they held the lease: $moved_late moved something afterwards"
finish
