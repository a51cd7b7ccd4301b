#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh none: several tags by one PUT. Where the registry names them it takes a fraction of the
# requests; whatever else it answers, the same tags are moved, and it is asked once.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/family.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/family.sh"
open_family_world "$1"
start_registry "$world/registry"
start_proxy "$world/proxy" "$registry"
together='^PUT .*/manifests/sha256:[0-9a-f]+[?]tag='
alone='^PUT .*/manifests/[^:?]+ '
document='^PUT .*/manifests/cairn-release '
release_ttl=60 # renewed in no run

publishes() { # GENERATION WHAT RULES: sets asked and moved_alone
  make_family "$1" --generation "$1"
  set_faults "$3"
  forget_requests
  release publish "$1" "$proxy"
  expect_status 0 "$2"
  expect_text "' in '$proxy': 195 tags moved" "$2"
  expect_tags "$2" --all-of "$world/$1" --platforms 2
  asked="$(count_requests "$together")"
  moved_alone=$(($(count_requests "$alone") - $(count_requests "$document")))
  rm -rf "${world:?}/$1"
}

expect_requests() { # TOGETHER ALONE WHAT
  [ "$asked" -eq "$1" ] && [ "$moved_alone" -eq "$2" ] && return
  fail "$3: $asked requests for several tags and $moved_alone for one, instead of $1 and $2"
}

knows() { # RULE_FIELDS...
  printf '[{"match": "^PUT .*[?]tag=", "fault": "set-tags"%s}]' "$*"
}
refuses() { # FAULT_FIELDS
  printf '[{"match": "^PUT .*[?]tag=", %s}]' "$1"
}

publishes 1 "a registry that knows it" "$(knows)"
expect_requests 22 18 "a registry that knows it"
publishes 2 "one that sets some of them" "$(knows ', "only": "^x86_64-.*[0-9]$"')"
if [ "$asked" -le 1 ] || [ "$moved_alone" -ge 195 ]; then
  fail "some: $asked and $moved_alone requests"
fi
publishes 3 "one that ignores it" ""
expect_requests 1 195 "one that ignores it"
number=4
for answer in '"fault": "status", "status": 400' '"fault": "status", "status": 404' \
  '"fault": "status", "status": 405' '"fault": "status", "status": 414' \
  '"fault": "status", "status": 201, "headers": {"OCI-Tag": "another, latest-"}'; do
  publishes "$number" "one that answers $answer" "$(refuses "$answer")"
  expect_requests 1 195 "one that answers $answer"
  number=$((number + 1))
done
publishes "$number" "one that breaks the connection" "$(refuses '"fault": "reset"')"
# libcurl itself sends once more what it sent over a connection that was kept.
[ "$asked" -ne $((release_attempts + 1)) ] || asked="$release_attempts"
expect_requests "$release_attempts" 195 "one that breaks the connection"
finish
