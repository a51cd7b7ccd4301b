#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh none: publishes through a proxy that misbehaves at random. What is visible is whole after
# each; what came through is complete. Then what a registry has collected between push and publish.
# CAIRN_RELEASE_FAULT_ROUNDS (15).
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/family.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/family.sh"
open_family_world "$1"
rounds="${CAIRN_RELEASE_FAULT_ROUNDS:-15}"
at_once=10 # rounds in one registry: each leaves tags
release_limit=60
release_attempts=6

start_over() { # NAME
  [ -z "${registry_log:-}" ] || {
    stop_registry
    kill "$proxy_pid"
    rm -rf "${registry_log%/log}" "$proxy_folder"
  }
  start_registry "$world/$1"
  start_proxy "$world/$1/proxy" "$registry"
  proxy_pid=$started_pid
}

check() { # ARGUMENTS of check_family.py
  check_tags --platforms 2 "$@" && return
  wrong=$((wrong + 1))
  fail "round $round: wrong with '$*'" && show_file "$world/seen"
}

faults() {
  cat <<END
[{"fault": "status", "status": 503, "chance": 0.03},
 {"fault": "status", "status": 429, "chance": 0.02},
 {"fault": "status", "status": 429, "headers": {"Retry-After": "0"}, "chance": 0.02},
 {"fault": "reset", "chance": 0.03},
 {"fault": "reset-mid", "chance": 0.03},
 {"fault": "reset-after", "chance": 0.03},
 {"match": "^GET ", "fault": "cut", "chance": 0.05},
 {"match": "^(PUT|PATCH) .*/uploads/", "fault": "flip-body", "chance": 0.03},
 {"match": "^PUT .*/manifests/", "fault": "status", "status": 500, "chance": 0.02},
 {"match": "^(PUT|HEAD) .*/manifests/", "fault": "wrong-digest", "chance": 0.002},
 {"match": "^POST", "fault": "elsewhere", "to": "http://$registry", "chance": 0.03},
 {"fault": "redirect", "to": "http://$registry", "chance": 0.03}]
END
}

wrong=0 hung=0 failed=0 requests=0
for round in $(seq "$rounds"); do
  [ $((round % at_once)) -ne 1 ] || start_over "registry-$round"
  make_family next --images 3 --generation "$round"
  forget_requests
  set_faults "$(faults)"
  for attempt in 1 2 3 4 5 6 7 8; do
    # What a publish that failed holds is taken over at once: nobody else is there.
    [ "$attempt" -eq 1 ] ||
      release resume - "$proxy" --root "$family_root" --take-over
    release publish next "$proxy"
    if [ "$status" -eq 0 ]; then
      check --all-of "$world/next"
      break
    fi
    [ "$status" -ne 137 ] || hung=$((hung + 1))
    failed=$((failed + 1))
    check
    [ "$attempt" -lt 8 ] || { fail "round $round never came through" && show_file "$world/out"; }
  done
  requests=$((requests + $(count_requests .)))
  rm -rf "$world/next"
done
write_figures "$(jq -nc --arg rounds "$rounds" --arg wrong "$wrong" --arg hung "$hung" \
  --arg failed "$failed" --arg requests "$requests" '$ARGS.named | map_values(tonumber)')"
[ "$wrong" -eq 0 ] || fail "$wrong publishes left something wrong"
[ "$hung" -eq 0 ] || fail "$hung publishes hung"
set_faults ""

# --- Collected between push and publish.
start_over collected
round=collected
make_family pushed --images 3
release push pushed "$registry"
expect_status 0 "a push"
check_tags
grep -qxF "0 tags (none), 0 listed and absent, 0 torn" "$world/seen" || fail "a push moved tags"
child="$(jq -r '.tags["jupyter/base-notebook:latest"][0]' "$world/pushed/family.json")"
delete_manifest jupyter/base-notebook "$child"
release publish pushed "$registry"
expect_status 0 "a publish of what was collected"
check --all-of "$world/pushed"

# --- Collected between the push and the lease: hooks run in between.
make_family hooked --images 3 --generation 2
cat >"$world/collect" <<END
#!/bin/sh
curl -s -o /dev/null -X DELETE "http://$registry/v2/\${1#*/}/manifests/\$2"
END
chmod +x "$world/collect"
# shellcheck disable=SC2016 # jq's own
describe_otherwise hooked '.hooks = [{"name": "collect", "command":
  ["'"$world"'/collect", "{repository}", "{digest}"]}]'
release publish hooked "$registry"
expect_status 0 "a publish whose manifests went before the lease"
check --all-of "$world/hooked"

# The check itself: it sees when a child is gone.
child="$(jq -r '.tags["jupyter/base-notebook:latest"][0]' "$world/hooked/family.json")"
delete_manifest jupyter/base-notebook "$child"
check_tags && fail "a child that is gone is not noticed"
grep -qF "torn: jupyter/base-notebook:latest: manifest $child: 404" "$world/seen" ||
  { fail "a child that is gone is not named" && show_file "$world/seen"; }
release publish hooked "$registry"
expect_status 0 "a publish that mends"
check --all-of "$world/hooked"
finish
