#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh KIND: an image that docker built and pushed goes by `cairn copy` through a layout to
# registries with TLS, logins and tokens, and docker pulls the same image there.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/registry.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/registry.sh"
open_world "$1"
export DOCKER_CONFIG="$world/no-logins"
quick=(--attempts 2 --pause 0.01 --settle 1)
layout="$world/layout"

copy() { # ARGUMENTS...
  run cairn copy "${quick[@]}" "$@"
}

same_image() { # REFERENCE WHAT: docker pulls the image that it built
  engine rmi "$1" >/dev/null 2>&1
  must engine pull "$1"
  [ "$(id_of "$1")" = "$built" ] || fail "$2: docker pulled '$(id_of "$1")', not '$built'"
}

# --- From docker's own push into a layout.
start_registry "$world/plain"
plain="$registry"
mkdir "$world/base"
cp "$CAIRN_STATIC_PROBE" "$world/base/probe"
printf 'FROM scratch\nCOPY probe /probe\nLABEL a=b\nHEALTHCHECK CMD ["/probe"]\n' \
  >"$world/base/Dockerfile"
must engine build -t "$plain/family/base:1" "$world/base"
built="$(id_of "$plain/family/base:1")"
must engine push "$plain/family/base:1"
digest="$(sed -nE 's/.* digest: (sha256:[0-9a-f]{64}) .*/\1/p' "$world/must.log")"
copy "$plain/family/base:1" "oci:$layout:1.0"
expect_status 0 "a copy into a layout"
expect_text "copied '$plain/family/base@$digest'" "a copy into a layout"
expect_text "2 blobs fetched" "a copy into a layout"
copy "$plain/family/base@$digest" "oci:$layout:1.0"
expect_text "0 blobs fetched (0 B), 2 there" "a second copy into a layout"
printf x >>"$layout/blobs/sha256/${digest#sha256:}"
copy "oci:$layout:1.0" "$plain/again:1"
expect_status 1 "a manifest that grew"
copy "$plain/family/base:1" "oci:$layout:1.0"
expect_status 0 "a layout that is mended"

# --- TLS and a login.
start_registry "$world/basic" tls basic
start_proxy "$world/proxy" "$registry" tls
copy "oci:$layout:1.0" "$proxy/family/base:1"
expect_status 3 "a certificate of an unknown CA"
expect_text "cairn: error: GET https://$proxy/v2/: SSL certificate problem: unable to get\
 local issuer certificate
cairn: hint: name the bundle of CA certificates that it is signed by: --ca-bundle FILE" "an\
 unknown CA"
copy --ca-bundle "$registry_ca" "oci:$layout:1.0" "$proxy/family/base:1"
expect_status 1 "no login"
expect_text "cairn: error: HEAD https://$proxy/v2/family/base/manifests/$digest: 401
cairn: hint: log in with an account that may push to it: docker login $proxy" "no login"
log_in "$world/login" "$proxy" "$registry_user" "$registry_password"
forget_requests
copy --ca-bundle "$registry_ca" "oci:$layout:1.0" "$proxy/family/base:1"
expect_status 0 "a push with a login"
expect_text "pushed '$proxy/family/base:1@$digest'
1 manifests put, 0 there; 2 blobs uploaded" "a push with a login"
# TLS is looked for; HEAD twice for the challenge; the repository is tried by two; three a blob; two
# PUTs of the manifest.
[ "$(count_requests .)" = 13 ] || fail "a first push made $(count_requests .) requests"
same_image "$proxy/family/base:1" "TLS and a login"
forget_requests
copy --ca-bundle "$registry_ca" "oci:$layout:1.0" "$proxy/family/base:1"
expect_text "0 manifests put, 1 there; 0 blobs uploaded (0 B), 0 mounted, 0 there" "a push\
 of what is there"
[ "$(count_requests .)" = 4 ] || fail "a second push made $(count_requests .) requests"
copy --ca-bundle "$registry_ca" --mount-from "$proxy/family/base" "oci:$layout:1.0" \
  "$proxy/other"
expect_text "2 mounted" "a push to another repository"
copy --ca-bundle "$registry_ca" --check "oci:$layout:1.0" "$proxy/new/one"
expect_text "'$proxy/new/one' can be pushed to" "a check"

# Another host gets nothing of the login.
first_proxy="$proxy" first_folder="$proxy_folder"
start_proxy "$world/thief" "$registry" tls
thief="$proxy" proxy="$first_proxy" proxy_folder="$first_folder"
for fault in redirect elsewhere; do
  set_faults "[{\"match\": \"^(PUT|POST|HEAD) \", \"fault\": \"$fault\", \"to\":\
 \"https://$thief\"}]"
  copy --ca-bundle "$registry_ca" "oci:$layout:1.0" "$proxy/stolen/$fault:1"
  expect_status 1 "$fault"
  expect_text ": 401" "$fault"
done
set_faults ""
[ -s "$world/thief/requests" ] || fail "the other host was never asked"
grep -q '"credentials": true' "$world/thief/requests" && fail "another host got the login"

# --- Tokens.
start_registry "$world/tokens" token
copy "oci:$layout:1.0" "$registry/family/base:1"
expect_status 1 "nobody may push"
expect_text "cairn: hint: log in with an account that may push to it: docker login\
 $registry" "nobody may push"
log_in "$world/login" "$registry" "$registry_user" "$registry_password"
: >"$token_folder/requests"
copy "oci:$layout:1.0" "$registry/family/base:1"
expect_status 0 "a push with tokens"
copy --mount-from "$registry/family/base" "oci:$layout:1.0" "$registry/mounted:1"
expect_text "2 mounted" "a mount with tokens"
jq -c .scopes "$token_folder/requests" >"$world/out"
[ "$(cat "$world/out")" = '["repository:family/base:pull,push"]
["repository:mounted:pull,push"]
["repository:mounted:pull,push","repository:family/base:pull"]' ] || {
  fail "other scopes were asked for" && show_file "$world/out"
}
same_image "$registry/mounted:1" "tokens"
start_proxy "$world/expiring" "$registry"
log_in "$world/login" "$proxy" "$registry_user" "$registry_password"
set_faults '[{"match": "^(HEAD|POST|PUT) ", "fault": "expire", "chance": 0.3}]'
run cairn copy --attempts 9 --pause 0.01 "oci:$layout:1.0" "$proxy/expiring:1"
expect_status 0 "tokens that expire"
log_in "$world/login" "$registry" "$registry_user" wrong
copy "oci:$layout:1.0" "$registry/family/base:2"
expect_status 1 "a wrong password"
expect_text ": 401
cairn: hint: log in again: docker login $registry" "a wrong password"

# --- What can be wrong, word for word.
export DOCKER_CONFIG="$world/no-logins"
copy "oci:$layout:1.0" "no-such-host.invalid/x:1"
expect_status 3 "an unknown host"
expect_text "cairn: error: HEAD https://no-such-host.invalid/v2/x/manifests/$digest: Could\
 not resolve host: no-such-host.invalid" "an unknown host"
copy "oci:$layout:1.0" "127.0.0.1:1/x:1"
expect_status 3 "a port where nobody listens"
expect_text "cairn: error: GET https://127.0.0.1:1/v2/: Failed to connect to 127.0.0.1 port\
 1" "a port where nobody listens"
copy "oci:$layout:1.0" "$plain/x:.1"
expect_text "cairn: error: invalid image reference '$plain/x:.1': invalid tag '.1'" "a tag"
copy "oci:$layout:-" "$plain/x:1"
expect_text "cairn: error: invalid tag '-' in 'oci:@/layout:-'" "a tag in a layout"
copy "oci:$layout:2.0" "$plain/x:1"
expect_text "cairn: error: nothing in 'oci:@/layout' is '2.0'
cairn: hint: it has 1.0" "a tag that is not there"
copy "$plain/x:1" "$plain/y:1"
expect_status 2 "two registries"
expect_text "cairn: error: a copy goes to or from a layout: neither '$plain/x:1' nor\
 '$plain/y:1' is one
cairn: hint: cairn copy $plain/x:1 oci:FOLDER" "two registries"
copy "$plain/none:1" "oci:$world/none"
expect_text "cairn: error: '$plain/none:1' is not in the registry '$plain'" "an image that\
 is not there"
start_registry "$world/read-only" read-only
copy "oci:$layout:1.0" "$registry/x:1"
expect_status 1 "a read-only registry"
expect_text "cairn: error: '$registry/x' cannot be pushed to: POST\
 http://$registry/v2/x/blobs/uploads/: 405
cairn: hint: the registry '$registry' is read-only: push to the one it mirrors" "a\
 read-only registry"

# --- Layouts that lie.
cp -r "$layout" "$world/lying"
blob="$(jq -r '.layers[0].digest' "$layout/blobs/sha256/${digest#sha256:}")"
printf x | dd of="$world/lying/blobs/sha256/${blob#sha256:}" conv=notrunc status=none
copy "oci:$world/lying:1.0" "$plain/lying:1"
expect_status 1 "a blob that was changed"
expect_text "cairn: error: blob '$blob' in 'oci:@/lying': its bytes are of 'sha256:" "a\
 blob that was changed"
rm "$world/lying/blobs/sha256/${blob#sha256:}"
ln -s "$layout/blobs/sha256/${blob#sha256:}" "$world/lying/blobs/sha256/${blob#sha256:}"
copy "oci:$world/lying:1.0" "$plain/lying:1"
expect_text "cairn: error: layout 'oci:@/lying': '${blob#sha256:}': it is a link, or\
 reached through one" "a link"
jq --arg d "sha256:../../../../etc/passwd" '.manifests[0].digest = $d' "$layout/index.json" \
  >"$world/lying/index.json"
copy "oci:$world/lying:1.0" "$plain/lying:1"
expect_text "cairn: error: invalid digest 'sha256:../../../../etc/passwd'" "a path in a digest"
head -c 20000000 /dev/zero >"$world/zeros"
large="$(sha256sum <"$world/zeros" | head -c 64)"
mv "$world/zeros" "$world/lying/blobs/sha256/$large"
jq --arg d "sha256:$large" '.manifests[0] |= (.digest = $d | .size = 20000000)' \
  "$layout/index.json" >"$world/lying/index.json"
copy "oci:$world/lying:1.0" "$plain/lying:1"
expect_text "cairn: error: 'sha256:$large' in 'oci:@/lying' is 20.0 MB long; at most 4.19\
 MB are read" "a manifest of 20 MB"
seen=0
"$support/make_layout.py" check "$layout" "$digest" "http://$plain" lying 1 >/dev/null 2>&1 \
  || seen=$?
[ "$seen" -eq 3 ] || fail "a lie got a tag"

# --- Memory does not grow with what is pushed.
big="$("$support/make_layout.py" make "$world/big" 1 3 60000000)"
run python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' \
  cairn copy "oci:$world/big:1" "$plain/big:1"
expect_status 0 "a large push"
[ "$(tail -n 1 "$world/out")" -lt 200000 ] || fail "a push took $(tail -n 1 "$world/out") KiB"
"$support/make_layout.py" check "$world/big" "$big" "http://$plain" big 1 || fail "a large\
 push differs"

# The password is in the login file, its registry's configuration and nowhere else.
secret="$(printf '%s:%s' "$registry_user" "$registry_password" | base64 -w 0)"
grep -rlF -e "$registry_password" -e "$secret" "$world" --include='*' 2>/dev/null |
  grep -vE "^$world/(login/|tokens/token/users)" >"$world/found" && {
  fail "the password is in a file" && show_file "$world/found"
}
finish
