#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh none: pushes to a real registry through a proxy that misbehaves, one fault after the other
# and then many at random. What arrives is looked at without Cairn and without the proxy.
# CAIRN_FAULT_ROUNDS (30) says how many of the random ones.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/registry.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/registry.sh"
open_world "$1"
export DOCKER_CONFIG="$world/no-logins"
start_registry "$world/registry"
start_proxy "$world/proxy" "$registry"
layout="$world/layout"
digest="$("$support/make_layout.py" make "$layout" 1 7)"
impatient=(--pause 0.01 --longest-pause 0.1 --stall 2 --settle 2 --rate 1000000)

push_to() { # REPOSITORY ARGUMENTS...
  run timeout -s KILL 60 cairn copy "${impatient[@]}" "${@:2}" "oci:$layout:1" "$proxy/$1:1"
}

# What is visible under the tag is whole, or nothing is.
check() { # REPOSITORY: 0 whole, 3 absent
  "$support/make_layout.py" check "$layout" "$digest" "http://$registry" "$1" 1 \
  >"$world/seen" 2>&1
}

expect_whole() { # REPOSITORY WHAT
  check "$1" && return
  fail "$2: the registry holds something else"
  show_file "$world/seen"
}

# A request is noted when it has been answered, a slow one after the push has given it up.
fault_came() {
  local deadline=$((SECONDS + 15))
  until jq -es 'any(.[]; .fault != "")' "$proxy_folder/requests" >/dev/null; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

count=0
# survives WHAT RULES REQUESTS: the push arrives in spite of the fault, which happened.
survives() { # WHAT RULES [ARGUMENTS...]
  count=$((count + 1))
  forget_requests
  set_faults "$2"
  push_to "one/$count" --attempts 5 "${@:3}"
  expect_status 0 "$1"
  expect_whole "one/$count" "$1"
  fault_came || fail "$1: the fault never came"
}

up="/blobs/uploads/"
survives "500 to a HEAD" '[{"match": "^HEAD ", "fault": "status", "status": 500, "times": 2}]'
survives "503 to an upload" "[{\"match\": \"^PUT .*$up\", \"fault\": \"status\",\
 \"status\": 503, \"times\": 3}]"
survives "429" '[{"match": "^PUT ", "fault": "status", "status": 429, "times": 2}]'
survives "429 with Retry-After" '[{"match": "^POST ", "fault": "status", "status": 429,'\
' "times": 2,
  "headers": {"Retry-After": "0"}}]'
survives "429 with a date" '[{"match": "^POST ", "fault": "status", "status": 429, "times": 1,
  "headers": {"Retry-After": "Tue, 24 Nov 2015 10:00:00 GMT"}}]'
survives "a reset" '[{"match": "", "fault": "reset", "times": 3}]'
survives "a reset in mid-body" "[{\"match\": \"^PUT .*$up\", \"fault\": \"reset-mid\",\
 \"times\": 3}]"
survives "a reset instead of an answer" '[{"match": "^(PUT|POST) ", "fault": "reset-after",'\
' "times": 3}]'
survives "a blob changed on its way" "[{\"match\": \"^PUT .*$up\", \"fault\":\
 \"flip-body\", \"times\": 2}]"
survives "an answer that stands still" '[{"match": "^HEAD ", "fault": "slow", "seconds": 4,'\
' "times": 1}]'
survives "413" "[{\"match\": \"^PUT .*$up\", \"fault\": \"status\", \"status\": 413,\
 \"times\": 1}]"
survives "breaks in chunks" "[{\"match\": \"^PATCH \", \"fault\": \"reset-mid\", \"times\": 2},
  {\"match\": \"^PATCH \", \"fault\": \"reset\", \"times\": 2}]" --chunk 5000
survives "an upload sent elsewhere" "[{\"match\": \"^POST \", \"fault\": \"elsewhere\",
  \"to\": \"http://$registry\", \"times\": 3}]"
survives "a redirect" "[{\"match\": \"^HEAD \", \"fault\": \"redirect\", \"to\":\
 \"http://$registry\"}]"

# An unclear PUT is settled by looking. libcurl itself makes a request again, once, when a kept
# connection ends without an answer.
forget_requests
set_faults '[{"match": "^PUT .*/manifests/", "fault": "reset-after"}]'
push_to settled
expect_status 0 "unclear PUTs of manifests"
[ "$(count_requests '^PUT .*/manifests/')" -le 8 ] || fail "unclear PUTs were made again"

# What a fault makes of an answer is not believed.
set_faults '[{"match": "^PUT .*/manifests/", "fault": "wrong-digest"}]'
push_to lying
expect_status 1 "a PUT that is answered with another digest"
expect_text ": the registry calls it\
 'sha256:0000000000000000000000000000000000000000000000000000000000000000', not '" \
  "a PUT that is answered with another digest"
set_faults ""
push_to length
set_faults '[{"match": "^HEAD .*/manifests/", "fault": "status", "status": 404},
  {"match": "^HEAD .*/blobs/sha", "fault": "wrong-length"}]'
push_to length
expect_status 1 "a blob of another length"
expect_text "the registry holds " "a blob of another length"
set_faults '[{"match": "^POST ", "fault": "status", "status": 500}]'
push_to down --attempts 3
expect_status 3 "a registry that is down"
expect_text "cairn: error: POST http://$proxy/v2/down/blobs/uploads/: 500" "a registry that\
 is down"

# The way back: each blob is taken whole or not at all.
set_faults '[{"match": "^GET .*/blobs/", "fault": "cut", "times": 2},
  {"match": "^GET .*/blobs/", "fault": "reset", "times": 1}]'
run cairn copy "${impatient[@]}" --uploads 1 "$proxy/one/1@$digest" "oci:$world/back"
expect_status 0 "a copy through cut answers"
diff <(cd "$layout/blobs/sha256" && sha256sum -- *) <(cd "$world/back/blobs/sha256" && \
  sha256sum -- *) ||
  fail "the copy differs"
set_faults '[{"match": "^GET .*/blobs/", "fault": "flip-answer", "times": 1}]'
run cairn copy "${impatient[@]}" --uploads 1 "$proxy/one/1@$digest" "oci:$world/flipped"
expect_status 1 "a copy of changed bytes"
expect_text ": the bytes are of 'sha256:" "a copy of changed bytes"
[ -z "$(find "$world/flipped/blobs" -name '.*')" ] || fail "a copy that failed left files"

# At random, a third of all requests or so.
set_faults '[{"fault": "status", "status": 503, "chance": 0.05},
  {"fault": "status", "status": 429, "chance": 0.03},
  {"fault": "status", "status": 429, "headers": {"Retry-After": "0"}, "chance": 0.03},
  {"fault": "reset", "chance": 0.05},
  {"fault": "reset-mid", "chance": 0.05},
  {"fault": "reset-after", "chance": 0.05},
  {"match": "^(PUT|PATCH) .*/uploads/", "fault": "flip-body", "chance": 0.05},
  {"match": "^POST", "fault": "elsewhere", "to": "http://'"$registry"'", "chance": 0.05},
  {"fault": "redirect", "to": "http://'"$registry"'", "chance": 0.05}]'
rounds="${CAIRN_FAULT_ROUNDS:-30}" hung=0 wrong=0 failed=0
for round in $(seq "$rounds"); do
  for attempt in 1 2 3 4 5 6; do
    push_to "random/$round" --attempts 6 --chunk $((round % 3 * 9000))
    [ "$status" -ne 137 ] || hung=$((hung + 1))
    seen=0
    check "random/$round" || seen=$?
    if [ "$status" -eq 0 ]; then
      [ "$seen" -eq 0 ] || { wrong=$((wrong + 1)) && show_file "$world/seen"; }
      break
    fi
    failed=$((failed + 1))
    [ "$seen" -eq 0 ] || [ "$seen" -eq 3 ] || { wrong=$((wrong + 1)) && show_file \
  "$world/seen"; }
    [ "$attempt" -lt 6 ] || { fail "round $round never came through" && show_file \
  "$world/out"; }
  done
done
echo "$rounds pushes through random faults: $wrong wrong, $hung hung, $failed failed and\
 were run again"
[ "$wrong" -eq 0 ] || fail "$wrong pushes left something wrong"
[ "$hung" -eq 0 ] || fail "$hung pushes hung"
finish
