#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Private engines for tests: fast (overlay2), in folders of their own, and gone without a trace.
#
#   private_engine.sh start DIR [OWNER_PID]   start a dockerd under DIR; prints its DOCKER_HOST
#   private_engine.sh stop DIR                end it; removes mounts, bridge and DIR
#   private_engine.sh endpoint KIND DIR [OWNER_PID]
#                                             print an engine.json for docker-buildkit,
#                                             docker-legacy, docker-buildx, docker-containerd,
#                                             podman or buildah
#   private_engine.sh reap                    stop every engine whose owner is dead
#
# OWNER_PID is the process the engine must not outlive; by default the one that called us. DIR
# holds all data; it may not lie in the source tree. $CAIRN_DOCKERD names another dockerd,
# CAIRN_DOCKERD_STORE=containerd has it keep images in containerd's store (docker 25 and later).
# docker-containerd is such a one with buildx, from what docker26.sh unpacked in $CAIRN_DOCKER26;
# its command line needs DOCKER_CONFIG=$CAIRN_DOCKER26/config.
# Exit status 77: this machine has no such engine.
set -u

program=private_engine.sh
kinds="docker-buildkit, docker-legacy, docker-buildx, docker-containerd, podman or buildah"
registry="/var/tmp/cairn-private-engines-$(id -u)"
# shellcheck source=tests/support/daemonless_engine.sh
. "$(dirname "${BASH_SOURCE[0]}")/daemonless_engine.sh"
source_root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"

die() {
  echo "$program: $1" >&2
  exit "${2:-1}"
}

absolute_dir() {
  local dir
  dir="$(realpath -m -- "$1")" || die "invalid folder '$1'"
  case "$dir/" in
    /) die "invalid folder '$1'" ;;
    "$source_root"/*) die "'$dir' lies in the source tree" ;;
  esac
  printf '%s' "$dir"
}

# Pids are used again: a process is the one we knew only while its start time is the same.
start_time_of() { # PID
  local stat fields
  stat="$(cat "/proc/$1/stat" 2>/dev/null)" || return 1
  read -r -a fields <<<"${stat##*) }"
  printf '%s' "${fields[19]}"
}

# is_same_process PID START_TIME
is_same_process() { [ -n "$1" ] && [ "$(start_time_of "$1")" = "$2" ]; }

# read_value FILE KEY
read_value() { sed -n "s/^$2=//p" "$1" 2>/dev/null | head -n 1; }

free_subnet() {
  local taken a
  taken="$(ip -4 -o addr show; ip -4 route show)"
  for a in $(seq 200 250); do
    if ! grep -qE "(^|[^0-9])10\.$a\." <<<"$taken"; then
      printf '10.%d.1.1/24' "$a"
      return 0
    fi
  done
  return 1
}

make_bridge() { # NAME; under the registry's lock, so that two engines never take one subnet
  local subnet
  subnet="$(free_subnet)" || die "no free subnet in 10.200.0.0/8"
  ip link add "$1" type bridge || die "cannot make bridge '$1'"
  if ! { ip addr add "$subnet" dev "$1" && ip link set "$1" up; }; then
    ip link delete "$1"
    die "cannot give '$subnet' to bridge '$1'"
  fi
}

end_process() { # PID GRACE_SECONDS
  local deadline=$((SECONDS + $2))
  kill -TERM "$1" 2>/dev/null || return 0
  while kill -0 "$1" 2>/dev/null; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      kill -KILL "$1" 2>/dev/null
      return 0
    fi
    read -r -t 0.05 <> <(:) || true
  done
}

# What a killed dockerd leaves: its containerd and the shims, all of which name our run folder.
end_leftovers() { # RUN_DIR
  local entry pid
  for entry in /proc/[0-9]*; do
    pid="${entry#/proc/}"
    if tr '\0' '\n' 2>/dev/null <"$entry/cmdline" | grep -qE "^(--config-file=)?$1(/|\$)"; then
      end_process "$pid" 5
    fi
  done
}

unmount_below() { # DIR
  local point
  awk '{print $5}' /proc/self/mountinfo | sort -r | while read -r point; do
    case "$(printf '%b' "$point")" in
      "$1"/*) umount -l "$(printf '%b' "$point")" 2>/dev/null ;;
    esac
  done
}

forget_engine() { # ENTRY: a file of the registry
  local name dir pid run
  name="$(basename "$1")"
  dir="$(read_value "$1" dir)"
  run="/run/$name"
  pid="$(cat "$run/docker.pid" 2>/dev/null)"
  if [ -n "$pid" ] && tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF "$dir/data"; then
    end_process "$pid" 20
  fi
  end_leftovers "$run"
  unmount_below "$run"
  [ -n "$dir" ] && unmount_below "$dir"
  ip link delete "$name" 2>/dev/null
  rm -rf -- "$run"
  [ -n "$dir" ] && rm -rf -- "$dir"
  rm -f -- "$1"
}

entry_of() { # DIR
  local entry
  for entry in "$registry"/cairn*; do
    [ -f "$entry" ] && [ "$(read_value "$entry" dir)" = "$1" ] && printf '%s' "$entry" && return 0
  done
  return 1
}

reap() {
  local entry
  for entry in "$registry"/cairn*; do
    [ -f "$entry" ] || continue
    is_same_process "$(read_value "$entry" owner)" "$(read_value "$entry" owner_start)" ||
      forget_engine "$entry"
  done
}

with_lock() { # COMMAND...: one at a time on this machine
  if ! { mkdir -p "$registry" && chmod 0700 "$registry"; }; then
    die "cannot make '$registry'"
  fi
  exec 9>"$registry/lock"
  flock 9 || die "cannot lock '$registry/lock'"
  "$@"
  flock -u 9
  exec 9>&-
}

register() { # NAME DIR OWNER
  {
    echo "dir=$2"
    echo "owner=$3"
    echo "owner_start=$(start_time_of "$3")"
  } >"$registry/$1.new"
  mv "$registry/$1.new" "$registry/$1"
  make_bridge "$1"
}

launch() { # NAME DIR STORAGE_DRIVER
  local run="/run/$1" dockerd
  dockerd="${CAIRN_DOCKERD:-$(PATH="$PATH:/usr/sbin:/sbin" command -v dockerd)}"
  mkdir -p "$run" "$2/data"
  local store=(--storage-driver="$3") config='{}'
  if [ "${CAIRN_DOCKERD_STORE:-}" = containerd ]; then
    store=()
    config='{"features": {"containerd-snapshotter": true}}'
  fi
  echo "$config" >"$run/daemon.json"
  setsid "$dockerd" --config-file "$run/daemon.json" -H "unix://$run/docker.sock" \
    --data-root "$2/data" --exec-root "$run/exec" --pidfile "$run/docker.pid" \
    --iptables=false --ip6tables=false --bridge="$1" "${store[@]}" \
    --containerd-namespace "$1" --containerd-plugins-namespace "$1-plugins" \
    </dev/null >"$2/dockerd.log" 2>&1 9>&- &
  daemon=$!
  local deadline=$((SECONDS + 30))
  until [ -S "$run/docker.sock" ] && answers "$run/docker.sock"; do
    if ! kill -0 "$daemon" 2>/dev/null || [ "$SECONDS" -ge "$deadline" ]; then
      end_process "$daemon" 5
      return 1
    fi
    read -r -t 0.05 <> <(:) || true
  done
}

# answers SOCKET
answers() { docker -H "unix://$1" version --format '{{.Server.Version}}' >/dev/null 2>&1; }

start() { # DIR OWNER
  local dir name entry
  command -v docker >/dev/null || die "no docker on PATH" 77
  [ -n "${CAIRN_DOCKERD:-}" ] || PATH="$PATH:/usr/sbin:/sbin" command -v dockerd >/dev/null ||
    die "no dockerd on PATH" 77
  [ "$(id -u)" = 0 ] || die "a private dockerd needs root" 77
  dir="$(absolute_dir "$1")" || exit 1
  with_lock reap
  if entry="$(entry_of "$dir")"; then
    name="$(basename "$entry")"
    if answers "/run/$name/docker.sock"; then
      echo "unix:///run/$name/docker.sock"
      return 0
    fi
    with_lock forget_engine "$entry"
  fi
  name="cairn$(od -An -N4 -tx4 /dev/urandom | tr -d ' ')"
  mkdir -p "$dir" || die "cannot make '$dir'"
  with_lock register "$name" "$dir" "$2"
  if ! launch "$name" "$dir" overlay2 && ! launch "$name" "$dir" vfs; then
    tail -n 20 "$dir/dockerd.log" >&2
    with_lock forget_engine "$registry/$name"
    die "dockerd did not come up"
  fi
  echo "unix:///run/$name/docker.sock"
}

# podman 4 refuses a run folder of more than 50 characters: long folders get one under /run.
runroot_of() { # DIR
  if [ "${#1}" -le 46 ] || [ "$(id -u)" != 0 ]; then
    printf '%s' "$1/run"
  else
    printf '/run/cairn-%s' "$(sha256sum <<<"$1" | head -c 12)"
  fi
}

stop() { # DIR
  local dir entry run
  dir="$(absolute_dir "$1")" || exit 1
  run="$(runroot_of "$dir")"
  unmount_below "$run"
  rm -rf -- "$run"
  if entry="$(entry_of "$dir")"; then
    with_lock forget_engine "$entry"
  else
    unmount_below "$dir"
    rm -rf -- "$dir"
  fi
}

json_list() { # WORDS...
  local word out=""
  for word in "$@"; do
    word="${word//\\/\\\\}"
    out="$out${out:+, }\"${word//\"/\\\"}\""
  done
  printf '[%s]' "$out"
}

print_endpoint() { # KIND BUILDER PROGRAM VERSION URL IDENTITY GLOBAL BUILD RUN
  printf '{"schema": "cairn/engine/1", "kind": "%s", "builder": "%s", "program": "%s",
 "version": "%s", "url": "%s", "identity": "%s", "global_flags": %s, "build_flags": %s,
 "run_flags": %s, "reason": "a private engine of a test"}\n' "$@"
}

version_of() { "$1" --version | sed -n 's/^Docker version \([0-9][0-9.]*\).*/\1/p'; } # 28.2.2

# The docker command line that has the asked for builder; there may be several on PATH.
docker_with() { # BUILDER URL
  local candidate major
  for candidate in $(type -ap docker); do
    major="$(version_of "$candidate" | cut -d. -f1)"
    case "$1" in
      buildkit) [ "${major:-99}" -lt 23 ] && echo "$candidate" && return 0 ;;
      buildx) "$candidate" buildx version >/dev/null 2>&1 && echo "$candidate" && return 0 ;;
      legacy) echo "$candidate" && return 0 ;;
    esac
  done
  return 1
}

docker_endpoint() { # BUILDER DIR OWNER
  local binary url identity
  binary="$(docker_with "$1")" || die "no docker command line with the builder '$1'" 77
  url="$(start "$2" "$3")" || exit $?
  identity="$("$binary" -H "$url" info --format '{{.ID}} {{.DockerRootDir}}')" ||
    die "docker does not answer at '$url'"
  print_endpoint docker "$1" "$binary" "$(version_of "$binary")" "$url" "$identity" '[]' '[]' '[]'
}

containerd_endpoint() { # DIR OWNER
  local root="${CAIRN_DOCKER26:-}/root/usr"
  [ -x "$root/sbin/dockerd" ] || die "no docker in CAIRN_DOCKER26; see docker26.sh" 77
  export PATH="$root/bin:$root/sbin:$PATH" DOCKER_CONFIG="$CAIRN_DOCKER26/config"
  CAIRN_DOCKERD="$root/sbin/dockerd" CAIRN_DOCKERD_STORE=containerd \
    docker_endpoint buildx "$1" "$2"
}

usage="usage: $program start DIR [OWNER_PID] | stop DIR | endpoint KIND DIR [OWNER_PID] | reap"
case "${1:-}" in
  start) [ $# -ge 2 ] || die "$usage" 2; start "$2" "${3:-$PPID}" ;;
  stop) [ $# -eq 2 ] || die "$usage" 2; stop "$2" ;;
  reap) with_lock reap ;;
  endpoint)
    [ $# -ge 3 ] || die "$usage" 2
    case "$2" in
      docker-buildkit | docker-legacy | docker-buildx)
        docker_endpoint "${2#docker-}" "$3" "${4:-$PPID}" ;;
      docker-containerd) containerd_endpoint "$3" "${4:-$PPID}" ;;
      podman | buildah) daemonless_endpoint "$2" "$3" ;;
      *) die "unknown engine '$2'; expected $kinds" 2 ;;
    esac ;;
  *) die "$usage" 2 ;;
esac
