# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
#
# What the stories share; each sources it and calls `open_world KIND` once. CAIRN_BUILD is the build
# tree to install Cairn from, CAIRN_STATIC_PROBE the static program that their images hold.
#
# shellcheck disable=SC2034 # what a story reads is set here
support="$(cd "$(dirname "${BASH_SOURCE[0]}")/../support" && pwd)"
failures=0
world=""

fail() { # WHAT HAPPENED
  printf 'FAILED: %s\n' "$1" >&2
  failures=$((failures + 1))
}

show_file() { # FILE
  sed 's/^/  | /' "$1" >&2
}

# Ends the engine and removes everything, also when the story is ended from outside.
close_world() {
  [ -n "$world" ] || return 0
  end_engine
  rm -rf -- "$world"
}

end_engine() {
  "$support/private_engine.sh" stop "$world/engine" >/dev/null 2>&1
}

# Worlds of stories that were killed: their owner is dead.
reap_worlds() { # ROOT
  local old
  "$support/private_engine.sh" reap
  for old in "$1"/story-*; do
    [ -d "$old" ] || continue
    [ -s "$old/owner" ] && kill -0 "$(cat "$old/owner")" 2>/dev/null && continue
    umount "$old"/full 2>/dev/null
    rm -rf -- "$old"
  done
}

# With the kind `none` there is no engine.
open_world() { # KIND: sets world, kind, engine_file and stack, puts cairn on PATH
  local root="${CAIRN_TEST_ROOT:-/var/tmp/cairn-test-$(id -u)}" status=0
  kind="$1"
  mkdir -p "$root" || exit 1
  world="$(mktemp -d "$root/new-XXXXXX")" || exit 1
  echo $$ >"$world/owner"
  mv "$world" "$root/story-${world##*-}" && world="$root/story-${world##*-}"
  trap close_world EXIT
  trap 'exit 130' INT TERM HUP
  reap_worlds "$root"
  engine_file="$world/engine.json"
  [ "$kind" != docker-containerd ] || export DOCKER_CONFIG="${CAIRN_DOCKER26:-}/config"
  [ "$kind" = none ] ||
    "$support/private_engine.sh" endpoint "$kind" "$world/engine" $$ >"$engine_file" || status=$?
  if [ "$status" -eq 77 ] && [ "${CAIRN_REQUIRE_E2E:-0}" = 1 ]; then
    echo "CAIRN_REQUIRE_E2E=1: this machine must have $kind" >&2
    status=1
  fi
  [ "$status" -eq 0 ] || exit "$status"
  cmake --install "$CAIRN_BUILD" --prefix "$world/prefix" >"$world/install.log" 2>&1 || {
    show_file "$world/install.log"
    exit 1
  }
  export PATH="$world/prefix/bin:$PATH"
  export XDG_RUNTIME_DIR="$world/locks"
  mkdir -m 0700 "$XDG_RUNTIME_DIR" "$world/src" "$world/src/images"
  stack="story$$"
  arch="$(uname -m)"
  unset CMAKE_GENERATOR CMAKE_EXPORT_COMPILE_COMMANDS
  [ "$kind" != none ] || return 0
  mapfile -t engine_command < <(jq -r '.program, .global_flags[]' "$engine_file")
  if [ "$(jq -r .kind "$engine_file")" = docker ]; then
    engine_command+=(-H "$(jq -r .url "$engine_file")")
  fi
}

engine() { # ARGUMENTS of the engine's own command line
  "${engine_command[@]}" "$@"
}

id_of() { # NAME
  engine inspect --type image --format '{{.Id}}' "$1" 2>/dev/null ||
    engine inspect --type image --format '{{.FromImageID}}' "$1" 2>/dev/null
}

# Removes all images from the engine and imports the first named, and others: it is there again.
expect_back_from_store() { # BUILD_FOLDER IMAGE ITS_ID OTHERS...
  run cairn clean -C "$1"
  expect_status 0 "clean"
  [ -z "$(id_of "$3")" ] || fail "the image is still there"
  run cairn import "$2" "${@:4}" -C "$1"
  expect_status 0 "import"
  expect_text "$2: loaded as sha256:${3#sha256:}" "import"
  [ "$(id_of "registry.example/$stack/$2:latest")" = "$3" ] || fail "import made another image"
}

# One image's folder in the source tree, with the static program where it is a root.
make_context() { # IMAGE; the Dockerfile on stdin
  mkdir -p "$world/src/images/$1"
  cat >"$world/src/images/$1/Dockerfile"
}

put_probe() { # IMAGE
  cp "$CAIRN_STATIC_PROBE" "$world/src/images/$1/probe"
}

configure() { # BUILD_FOLDER CMAKE_ARGUMENTS...: in the world's store
  cmake -G Ninja -S "$world/src" -B "$@" -DCMAKE_PREFIX_PATH="$world/prefix" -DSTACK="$stack" \
    -DCAIRN_ENGINE_FILE="$engine_file" -DCAIRN_STORE="$world/store" -DCAIRN_CA_BUNDLE= \
    >"$world/configure.log" 2>&1
}

must() { # COMMAND...: the story cannot go on without it
  if ! "$@" >"$world/must.log" 2>&1; then
    echo "FAILED: $*" >&2
    show_file "$world/must.log"
    [ -s "$world/configure.log" ] && show_file "$world/configure.log"
    exit 1
  fi
}

# Runs a command and keeps its output in $world/out and its exit status in $status.
run() { # COMMAND...
  status=0
  "$@" >"$world/out" 2>&1 || status=$?
}

expect_status() { # STATUS WHAT
  [ "$status" -eq "$1" ] && return 0
  fail "$2: exit status $status instead of $1"
  show_file "$world/out"
}

# The text word for word, with the world's folder as @; the output may hold more around it.
expect_text() { # TEXT WHAT
  local seen
  seen="$(sed "s|$world|@|g" "$world/out")"
  case "$seen" in
    *"$1"*) return 0 ;;
  esac
  fail "$2: expected the text"
  printf '%s\n' "$1" | sed 's/^/  > /' >&2
  show_file "$world/out"
}

expect_no_text() { # TEXT WHAT
  grep -qF -- "$1" "$world/out" || return 0
  fail "$2: not expected: $1"
  show_file "$world/out"
}

wait_until() { # SECONDS COMMAND...
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    read -r -t 0.05 <> <(:) || true
  done
}

# Layers hold times in whole seconds: two steps within one give the same layer.
next_second() {
  local now
  now="$(date +%s)"
  wait_until 5 is_later_than "$now" || fail "the clock stands still"
}

is_later_than() { [ "$(date +%s)" -gt "$1" ]; } # SECONDS_SINCE_1970

finish() { # the story's verdict
  [ "$failures" -eq 0 ] || echo "$failures failed" >&2
  [ "$failures" -eq 0 ]
  exit
}
