# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# A registry of the test's own on a free port of this machine; it ends with the shell that started
# it, however that ends.
#
# start_registry FOLDER: sets registry (host:port) and registry_pid.
# shellcheck disable=SC2034 # what a story reads is set here
start_registry() {
  local folder="$1" program
  program="$(command -v docker-registry)" || {
    echo "docker-registry is not installed: apt-get install docker-registry" >&2
    [ "${CAIRN_REQUIRE_E2E:-0}" = 1 ] && exit 1
    exit 77
  }
  mkdir -p "$folder/data"
  cat >"$folder/config.yml" <<END
version: 0.1
log: {level: info, formatter: json}
storage:
  filesystem: {rootdirectory: $folder/data}
  delete: {enabled: true}
http: {addr: "127.0.0.1:0"}
END
  setpriv --pdeathsig KILL "$program" serve "$folder/config.yml" >"$folder/log" 2>&1 &
  registry_pid=$!
  wait_until 30 grep -q 'listening on' "$folder/log" || {
    echo "the registry did not start" >&2
    show_file "$folder/log"
    exit 1
  }
  registry="$(sed -nE 's/.*listening on ([0-9.:]+).*/\1/p' "$folder/log" | head -n 1)"
}

stop_registry() {
  kill "$registry_pid" && wait "$registry_pid" 2>/dev/null
}
