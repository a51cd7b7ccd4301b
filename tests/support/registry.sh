# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Registries of the test's own on free ports of this machine, and what stands before them. All end
# with the shell that started them, however that ends.
#
# start_registry FOLDER [tls] [basic | token] [read-only]
#     sets registry (host:port), registry_pid and registry_log. With tls, registry_ca is the
#     certificate of the CA; with basic and token, $registry_user with $registry_password may pull
#     and push. With token, token_folder holds `users` and `requests` (token_server.py).
# kill_registry, restart_registry: without goodbye, and again on the same port and data.
# mend_registry_files MARK: in between.
# start_proxy FOLDER UPSTREAM [tls]: a fault proxy (fault_proxy.py); sets proxy and proxy_folder.
# set_faults RULES: what the proxy does from now on. count_requests PATTERN: what it was asked.
# log_in FOLDER HOST USER PASSWORD: a login file as docker keeps it, and DOCKER_CONFIG for it.
# shellcheck disable=SC2034,SC2154 # what a story reads is set here, and `world` is a story's
registry_support="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
registry_user="stone"
registry_password="planted-secret-of-a-test"

need_for_registry() { # PROGRAM PACKAGE
  command -v "$1" >/dev/null && return
  echo "$1 is not installed: apt-get install $2" >&2
  [ "${CAIRN_REQUIRE_E2E:-0}" = 1 ] && exit 1
  exit 77
}

# One CA a world, and a certificate of it for this machine.
make_certificates() { # FOLDER: ca.pem, cert.pem, key.pem
  [ -s "$1/cert.pem" ] && return
  need_for_registry openssl openssl
  mkdir -p "$1"
  must openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=a CA of a test" \
    -keyout "$1/ca.key" -out "$1/ca.pem"
  must openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout "$1/key.pem" \
    -out "$1/cert.csr"
  printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' >"$1/names"
  must openssl x509 -req -days 2 -in "$1/cert.csr" -CA "$1/ca.pem" -CAkey "$1/ca.key" \
    -CAcreateserial -extfile "$1/names" -out "$1/cert.pem"
}

# Ends with this shell. Output goes to FOLDER/log.
start_beside() { # FOLDER COMMAND...; sets started_pid
  local folder="$1"
  shift
  setpriv --pdeathsig KILL "$@" </dev/null >"$folder/log" 2>&1 &
  started_pid=$!
}

wait_for() { # WHAT FOLDER COMMAND...
  local what="$1" folder="$2"
  shift 2
  wait_until 30 "$@" && return
  echo "$what did not start" >&2
  show_file "$folder/log"
  exit 1
}

configure_tokens() { # FOLDER: starts the token server; prints the registry's configuration
  need_for_registry openssl openssl
  token_folder="$1/token"
  mkdir -p "$token_folder"
  must openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=tokens of a test" \
    -keyout "$token_folder/key.pem" -out "$token_folder/cert.pem"
  cat >"$token_folder/users" <<END
{"": {"actions": ["pull"]},
 "$registry_user": {"password": "$registry_password", "actions": ["pull", "push"]}}
END
  start_beside "$token_folder" python3 "$registry_support/token_server.py" "$token_folder" \
    "$token_folder/key.pem" "$token_folder/cert.pem"
  wait_for "the token server" "$token_folder" test -s "$token_folder/port"
  cat >>"$1/config.yml" <<END
auth:
  token:
    realm: "http://127.0.0.1:$(cat "$token_folder/port")/token"
    service: cairn-test
    issuer: cairn-test
    rootcertbundle: $token_folder/cert.pem
END
}

configure_basic() { # FOLDER
  # bcrypt, by the C library: htpasswd is in no package that is needed otherwise.
  perl -e 'print "$ARGV[0]:", crypt($ARGV[1], "\$2y\$05\$abcdefghijklmnopqrstuu"), "\n"' \
    "$registry_user" "$registry_password" >"$1/htpasswd"
  cat >>"$1/config.yml" <<END
auth:
  htpasswd: {realm: a registry of a test, path: $1/htpasswd}
END
}

start_registry() { # FOLDER [tls] [basic | token] [read-only]
  local folder="$1" variants=" ${*:2} " tls=""
  need_for_registry docker-registry docker-registry
  mkdir -p "$folder/data"
  if [[ "$variants" == *" tls "* ]]; then
    make_certificates "$world/certificates"
    registry_ca="$world/certificates/ca.pem"
    tls=", tls: {certificate: $world/certificates/cert.pem, key: $world/certificates/key.pem}"
  fi
  cat >"$folder/config.yml" <<END
version: 0.1
log: {level: info, formatter: json}
storage:
  filesystem: {rootdirectory: $folder/data}
  delete: {enabled: true}
$([[ "$variants" != *" read-only "* ]] || echo "  maintenance: {readonly: {enabled: true}}")
http: {addr: "127.0.0.1:0"$tls}
END
  [[ "$variants" != *" basic "* ]] || configure_basic "$folder"
  [[ "$variants" != *" token "* ]] || configure_tokens "$folder"
  launch_registry "$folder" "127.0.0.1:0"
}

launch_registry() { # FOLDER ADDRESS
  REGISTRY_HTTP_ADDR="$2" start_beside "$1" docker-registry serve "$1/config.yml"
  registry_pid="$started_pid"
  registry_log="$1/log"
  wait_for "the registry" "$1" grep -qs 'listening on' "$1/log"
  registry="$(sed -nE 's/.*listening on ([0-9.]+:[0-9]+).*/\1/p' "$1/log" | head -n 1)"
}

stop_registry() {
  kill "$registry_pid" && wait "$registry_pid" 2>/dev/null
}

kill_registry() {
  kill -KILL "$registry_pid" && wait "$registry_pid" 2>/dev/null
}

# registry 2.8 writes links and manifests in place, also those that are there already: what it was
# writing when it was killed is short, and is answered with 500 or 404 for ever. Of files younger
# than MARK, links are written again where their names say with what; tags and manifests that are
# short are removed. Prints how many there were.
mend_registry_files() { # MARK
  local file name count=0 data="${registry_log%/log}/data"
  while read -r file; do
    count=$((count + 1))
    name="$(basename "$(dirname "$file")")"
    case "$file" in
      */tags/*/current/link) rm -r "${file%/current/link}" ;;
      *) printf 'sha256:%s' "$name" >"$file" ;;
    esac
  done < <(find "$data" -name link -newer "$1" -size -71c)
  while read -r file; do
    name="$(basename "$(dirname "$file")")"
    [ "$(sha256sum <"$file" | head -c 64)" = "$name" ] || {
      count=$((count + 1))
      rm -r "$(dirname "$file")"
    }
  done < <(find "$data/docker/registry/v2/blobs" -name data -newer "$1")
  echo "$count"
}

restart_registry() {
  rm -f "$registry_log" # it says where the one before listened
  launch_registry "${registry_log%/log}" "$registry"
}

start_proxy() { # FOLDER UPSTREAM [tls]
  local arguments=("$1" "$2")
  mkdir -p "$1"
  rm -f "$1/port"
  if [ "${3:-}" = tls ]; then
    make_certificates "$world/certificates"
    arguments+=(--tls "$world/certificates/cert.pem" "$world/certificates/key.pem"
      --upstream-ca "$world/certificates/ca.pem")
  fi
  start_beside "$1" python3 "$registry_support/fault_proxy.py" "${arguments[@]}"
  proxy_folder="$1"
  wait_for "the fault proxy" "$1" test -s "$1/port"
  proxy="127.0.0.1:$(cat "$1/port")"
  : >"$1/requests"
}

set_faults() { # RULES
  printf '%s' "$1" >"$proxy_folder/faults.new"
  mv "$proxy_folder/faults.new" "$proxy_folder/faults"
}

forget_requests() {
  : >"$proxy_folder/requests"
}

count_requests() { # PATTERN on `METHOD path status`
  # The last line may be half written.
  jq -rR 'fromjson? | "\(.method) \(.path) \(.status)"' "$proxy_folder/requests" |
    grep -cE -- "$1"
}

log_in() { # FOLDER HOST USER PASSWORD
  mkdir -p "$1"
  printf '{"auths": {"%s": {"auth": "%s"}}}\n' "$2" \
    "$(printf '%s:%s' "$3" "$4" | base64 -w 0)" >"$1/config.json"
  export DOCKER_CONFIG="$1"
}
