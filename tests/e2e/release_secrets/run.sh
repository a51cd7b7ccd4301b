#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh none: logins of all kinds planted, in files and in credential helpers; releases published
# by them, and failing in many ways. No secret is in what Cairn says, starts, records or publishes,
# and another host gets no login.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/family.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/family.sh"
open_family_world "$1"
need_for_registry git git
export HOME="$world/home" XDG_STATE_HOME="$world/home/state" XDG_CONFIG_HOME="$world/home/config"
release_ttl=30 # nobody dies here, and hooks take their time
mkdir "$world/home" "$world/vault" "$world/watched" "$world/said"
helper_password="planted-password-of-a-helper"
identity="planted-identity-of-a-test"
helper_identity="planted-identity-of-a-helper"
wrong_password="planted-wrong-password-of-a-test"

# --- Each program that Cairn starts leaves its arguments and its environment.
watch() { # NAME WHAT_IT_DOES
  cat >"$world/watched/$1" <<END
#!/bin/bash
{ printf '%s\n' "started $1" "\$@" && env; } >>"$world/children"
PATH="\${PATH#"$world/watched:"}"
$2
END
  chmod +x "$world/watched/$1"
}
watch git 'exec git "$@"'
watch attest "echo 'an attestation of' \"\$@\""
for name in password identity broken; do
  watch "docker-credential-$name" "exec '$world/vault/$name'"
done
PATH="$world/watched:$PATH"
answer() { # NAME USER SECRET STATUS: what a helper says
  printf '#!/bin/sh\ncat >/dev/null\necho "%s" >&2\necho %s\nexit %s\n' "$3 is the secret" \
    "'{\"Username\": \"$2\", \"Secret\": \"$3\"}'" "$4" >"$world/vault/$1"
  chmod +x "$world/vault/$1"
}
answer password helped "$helper_password" 0
answer identity '<token>' "$helper_identity" 0
answer broken helped "$helper_password" 1

said=0
publish() { # STATUS WHAT PLACE ARGUMENTS...: what it says is kept
  said=$((said + 1))
  release publish one "${@:3}"
  expect_status "$1" "$2"
  cp "$world/out" "$world/said/$said"
}

log_in_as() { # NAME JSON: a login file of its own
  mkdir -p "$world/login-$1"
  printf '%s\n' "$2" >"$world/login-$1/config.json"
  export DOCKER_CONFIG="$world/login-$1"
}

make_family one --images 3
must git -C "$world/one/src" init --quiet
# shellcheck disable=SC2016 # jq's own
describe_otherwise one '.hooks = [{"name": "attest", "command": ["attest", "{ref}"]}]'

start_registry "$world/tokens" token
tokens="$registry"
jq --arg password "$helper_password" --arg one "$identity" --arg two "$helper_identity" '. +
  {helped: {password: $password, actions: ["pull", "push"]},
   known: {password: "", identity: $one, actions: ["pull", "push"]},
   robot: {password: "", identity: $two, actions: ["pull", "push"]}}' \
  "$token_folder/users" >"$token_folder/new" && mv "$token_folder/new" "$token_folder/users"
start_proxy "$world/proxy" "$tokens"
place="$proxy"

# --- Published by each kind of login.
log_in_as file "$(printf '{"auths": {"%s": {"auth": "%s"}}}' "$place" \
  "$(printf '%s:%s' "$registry_user" "$registry_password" | base64 -w 0)")"
publish 0 "a dry run" "$place/file" --dry-run
publish 0 "a password in a file" "$place/file"
log_in_as helper "{\"credHelpers\": {\"$place\": \"password\"}}"
publish 0 "a password of a helper" "$place/helper"
log_in_as identity "{\"auths\": {\"$place\": {\"identitytoken\": \"$identity\"}}}"
publish 0 "an identity token in a file" "$place/identity"
log_in_as store '{"credsStore": "identity"}'
publish 0 "an identity token of a helper" "$place/store" --json
for user in "$registry_user" helped known robot; do
  grep -q "\"user\": \"$user\", \"known\": true" "$token_folder/requests" ||
    fail "nobody came as '$user'"
done

# --- Failing, with the secret at hand.
log_in_as wrong "$(printf '{"auths": {"%s": {"auth": "%s"}}}' "$place" \
  "$(printf '%s:%s' "$registry_user" "$wrong_password" | base64 -w 0)")"
publish 1 "a wrong password" "$place/wrong"
log_in_as broken "{\"credHelpers\": {\"$place\": \"broken\"}}"
publish 1 "a helper that fails" "$place/broken"
log_in_as damaged "{\"auths\": {\"$place\": {\"auth\":\
 \"$(printf %s "$wrong_password" | base64 -w 0)\"}}}"
publish 1 "a damaged login" "$place/damaged"
export DOCKER_CONFIG="$world/login-helper"
set_faults '[{"match": "^PUT .*/manifests/stable", "fault": "status", "status": 403}]'
publish 1 "a tag that is refused" "$place/refused"
set_faults ""
release resume one "$place/refused"
expect_status 0 "a resume"
cp "$world/out" "$world/said/resume"
release doctor one "$place/refused"
expect_status 0 "a doctor"
cp "$world/out" "$world/said/doctor"

# --- Sent elsewhere: another host gets neither a password nor a token.
expect_nothing_stolen() { # WHAT PLACE ARGUMENTS...; the login's proxy is the one in use
  local fault first="$proxy" folder="$proxy_folder"
  start_proxy "$world/other-$1" "$registry" "${other_tls[@]}"
  local other="$proxy" requests="$proxy_folder/requests"
  proxy="$first" proxy_folder="$folder"
  for fault in redirect elsewhere; do
    set_faults "[{\"match\": \"^(PUT|POST|HEAD) \", \"fault\": \"$fault\", \"to\":\
 \"$scheme://$other\"}]"
    publish 1 "$1, $fault" "$2/stolen-$fault" "${@:3}"
  done
  set_faults "[{\"match\": \"^GET \", \"fault\": \"redirect\", \"to\": \"$scheme://$other\"}]"
  run "${command[@]}"
  cp "$world/out" "$world/said/$1-get"
  set_faults ""
  [ -s "$requests" ] || fail "$1: the other host was never asked"
  grep -q '"credentials": true' "$requests" && fail "$1: another host got the login"
  grep -q '"credentials": true' "$proxy_folder/requests" || fail "$1: nobody used the login"
}
scheme=http other_tls=()
expect_nothing_stolen tokens "$place"
start_registry "$world/basic" tls basic
start_proxy "$world/tls-proxy" "$registry" tls
log_in "$world/login-basic" "$proxy" "$registry_user" "$registry_password"
publish 0 "TLS and a password" "$proxy" --ca-bundle "$registry_ca"
scheme=https other_tls=(tls)
expect_nothing_stolen basic "$proxy" --ca-bundle "$registry_ca"

# --- The release document, as a reader gets it.
mkdir "$world/fetched"
get() { # PATH FILE
  must curl --silent --fail --location --cacert "$registry_ca" \
    --user "$registry_user:$registry_password" --output "$world/fetched/$2" \
    --header 'Accept: application/vnd.oci.image.manifest.v1+json' \
    "https://$registry/v2/jupyter/docker-stacks-foundation/$1"
}
get manifests/cairn-release manifest
while read -r digest; do
  get "blobs/$digest" "${digest#sha256:}"
done < <(jq -r '[.config, .layers[]] | .[].digest' "$world/fetched/manifest")
grep -rqF python-3.11 "$world/fetched" || fail "what was fetched is no release document"

# --- Nowhere but where they were planted.
for name in git attest docker-credential-password docker-credential-identity \
  docker-credential-broken; do
  grep -qxF "started $name" "$world/children" || fail "'$name' was never started"
done
patterns=()
plant() { # USER SECRET: in the forms in which it may get out
  local form
  for form in "$2" "$(printf %s "$2" | base64 -w 0)" "$(printf '%s:%s' "$1" "$2" | base64 -w 0)"; do
    patterns+=(-e "${form%%=*}")
  done
}
plant "$registry_user" "$registry_password"
plant "$registry_user" "$wrong_password"
plant helped "$helper_password"
plant known "$identity"
plant '<token>' "$helper_identity"
# How each token of the token server begins.
patterns+=(-e "$(printf '{"typ": "JWT", ' | base64 -w 0)")
grep -rlF "${patterns[@]}" "$world" | sed "s|^$world/||" | sort >"$world/found"
planted='^(login-[a-z]*/config\.json|vault/(password|identity|broken)|tokens/token/users)$'
grep -vE "$planted" "$world/found" >"$world/out" && {
  fail "secrets are in files"
  show_file "$world/out"
}
# Five login files, three answers of helpers, and what the token server knows.
[ "$(wc -l <"$world/found")" -eq 9 ] || {
  fail "the search finds less than was planted"
  show_file "$world/found"
}
finish
