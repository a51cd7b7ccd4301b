#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh none: two publishers with two stores at once. What is visible is whole at every moment, and
# in the end everything that both want is one's. CAIRN_RACE_ROUNDS (6), CAIRN_RACE_SEED.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/family.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/family.sh"
open_family_world "$1"
rounds="${CAIRN_RACE_ROUNDS:-6}"
RANDOM=$((${CAIRN_RACE_SEED:-$(date +%s)} % 32768))
# What one of two may still write before the other reads it back: a request's length on loopback,
# and what the machine is late.
release_settle=0.3
release_ttl=60

wait_for_publisher() { # PID NAME: adds to won or lost
  local status=0
  wait "$1" || status=$?
  case $status in
    0) won+=("$2") ;;
    1) lost+=("$2") ;;
    *)
      hung=$((hung + 1))
      fail "round $round: $2 ended with $status" && show_file "$world/$2.out"
      ;;
  esac
}

# Pinned tags are the first one's, whoever was first: a version of its own each.
both_want=':(x86_64-|aarch64-)?(cuda12-)?1\.'
mixed=0 torn=0 hung=0 both=0 none=0
for round in $(seq "$rounds"); do
  [ $((round % 8)) -ne 1 ] || {
    [ "$round" -eq 1 ] || { stop_registry && rm -rf "${registry_log%/log}"; }
    start_registry "$world/registry-$round"
  }
  for maker in one two; do
    make_family "$maker" --generation "$round" --maker "$maker" --release "1.$round.$maker"
  done
  won=() lost=()
  start_publish one "$registry"
  first=$publisher
  [ $((RANDOM % 3)) -eq 0 ] || sleep "$(random_below 300)"
  start_publish two "$registry"
  second=$publisher
  while kill -0 "$first" 2>/dev/null || kill -0 "$second" 2>/dev/null; do
    check_tags --platforms 2 || {
      torn=$((torn + 1))
      fail "round $round: torn while two publish" && show_file "$world/seen"
      break
    }
  done
  wait_for_publisher "$first" one
  wait_for_publisher "$second" two
  case ${#won[@]} in
    2) both=$((both + 1)) ;;
    0) none=$((none + 1)) ;; # both saw the other's lease
  esac
  families=(--all-of "$world/one" --all-of "$world/two")
  if [ ${#won[@]} -gt 0 ]; then
    [ ${#won[@]} -ne 1 ] || families=(--all-of "$world/${won[0]}")
    check_tags "${families[@]}" --but "$both_want" --platforms 2 || {
      mixed=$((mixed + 1))
      fail "round $round: mixed after both have ended" && show_file "$world/seen"
    }
  fi
  # Those that lost come again, alone.
  for name in "${lost[@]}"; do
    release publish "$name" "$registry"
    expect_status 0 "round $round: '$name' again"
    won=("$name")
  done
  [ ${#won[@]} -ne 1 ] || families=(--all-of "$world/${won[0]}")
  check_tags "${families[@]}" --but "$both_want" --platforms 2 || {
    mixed=$((mixed + 1))
    fail "round $round: mixed at the end" && show_file "$world/seen"
  }
  rm -rf "$world/one" "$world/two"
done

# --- A PUT of the lease that is sent again after a pause comes while another moves tags, pinned
# ones too: it must not take the lease from under it.
stop_registry && rm -rf "${registry_log%/log}"
start_registry "$world/registry-late"
start_proxy "$world/registry-late/proxy" "$registry"
for maker in before one two; do
  generation=$((1 + (${#maker} == 3)))
  make_family "$maker" --images 6 --generation "$generation" --maker "$maker"
done
release publish before "$registry"
expect_status 0 "a first release"
set_faults '[
  {"match": "^PUT .*/manifests/cairn-release$", "fault": "status", "status": 503,
   "headers": {"Retry-After": "5"}, "times": 1},
  {"match": "^PUT .*/manifests/(?!sha256)", "fault": "slow", "seconds": 0.25}]'
release_longest_pause=30 # as long as the registry asks for
start_publish one "$proxy"
first=$publisher
wait_until 60 grep -q "cairn-release.* 503" "$proxy_folder/requests" || fail "no lease was put off"
start_publish two "$proxy"
second=$publisher
round=late won=() lost=()
wait_for_publisher "$first" one
kill -0 "$second" 2>/dev/null || fail "the second ended before the first's lease came again"
wait_for_publisher "$second" two
[ "${won[*]} ${lost[*]}" = "two one" ] || fail "won: ${won[*]}; lost: ${lost[*]}"
expect_tags "a lease that came late" --all-of "$world/two" --platforms 2
grep -qE "(was taken over by|is held by) " "$world/one.out" ||
  { fail "the first does not say why it ended" && show_file "$world/one.out"; }

write_figures "$(jq -nc --arg rounds "$rounds" --arg mixed "$mixed" --arg torn "$torn" \
  --arg hung "$hung" --arg both "$both" --arg none "$none" '$ARGS.named | map_values(tonumber)')"
finish
