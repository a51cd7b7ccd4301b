# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Engines without a daemon for private_engine.sh, which sources this: podman and buildah with a
# storage of their own, and the flags that this machine needs found by trying.
scratch=""
global=()
build=""
run=""

# A root file system of one static program, to try flags with.
make_probe_image() { # DIR
  mkdir -p "$1/context"
  if [ -n "${CAIRN_STATIC_PROBE:-}" ]; then
    cp "$CAIRN_STATIC_PROBE" "$1/context/probe"
  else
    echo 'int main() { return 0; }' |
      "${CXX:-c++}" -static -x c++ -o "$1/context/probe" - || return 1
  fi
  printf 'FROM scratch\nCOPY probe /probe\nRUN ["/probe", "exit", "0"]\n' >"$1/Dockerfile"
}

storage_flags() { # PROGRAM DIR: prints one flag a line, or fails
  local driver run
  run="$(runroot_of "$2")"
  for driver in overlay vfs; do
    if "$1" --root "$2/storage" --runroot "$run" --storage-driver "$driver" info \
      >/dev/null 2>>"$scratch/log"; then
      printf '%s\n' --root "$2/storage" --runroot "$run" --storage-driver "$driver"
      return 0
    fi
    rm -rf -- "$2/storage" "$run"
  done
  return 1
}

first_working() { # TRY_FUNCTION WORDS..., then alternatives on stdin, one a line
  local flags
  while IFS= read -r flags; do
    # shellcheck disable=SC2086 # words are wanted
    if "$@" $flags >>"$scratch/log" 2>&1 </dev/null; then
      echo "$flags"
      return 0
    fi
  done
  return 1
}

try_build() { # PROGRAM FLAGS...
  "$1" "${global[@]}" build "${@:2}" --pull=never -q -f "$scratch/Dockerfile" \
    -t cairn.invalid/probe "$scratch/context"
}
try_podman_run() {
  podman "${global[@]}" run "$@" --rm --pull=never cairn.invalid/probe /probe exit 0
}
try_buildah_run() {
  local container made
  mapfile -t made < <(grep -oE -e '--ulimit [^ ]+' <<<"$build" | tr ' ' '\n')
  made+=(--pull-never cairn.invalid/probe)
  container="$(buildah "${global[@]}" from "${made[@]}")" || return 1
  buildah "${global[@]}" run "$@" "$container" -- /probe exit 0
  local status=$?
  buildah "${global[@]}" rm "$container"
  return $status
}

limits="--ulimit nofile=1024:1024 --ulimit nproc=1000:1000"

detect_podman_runtime() { # sets global, build and run
  local runtime base=("${global[@]}")
  for runtime in "" runc crun; do
    global=("${base[@]}" ${runtime:+--runtime} ${runtime:+"$runtime"})
    build="$(printf '%s\n' "" "$limits" "--isolation chroot" "$limits --network host" |
      first_working try_build podman)" || continue
    run="$(printf '%s\n' "" "--network host" "$limits" "$limits --network host" |
      first_working try_podman_run)" && return 0
  done
  return 1
}

detect_buildah_isolation() { # sets build and run
  build="$(printf '%s\n' "" "--isolation chroot" "$limits" "--isolation chroot $limits" |
    first_working try_build buildah)" || return 1
  run="$(printf '%s\n' "" "--isolation chroot" | first_working try_buildah_run)"
}

daemonless_endpoint() { # KIND DIR
  local dir binary identity key
  dir="$(absolute_dir "$2")" || exit 1
  binary="$(command -v "$1")" || die "no $1 on PATH" 77
  mkdir -p "$dir" || die "cannot make '$dir'"
  scratch="$(mktemp -d "$dir/probe.XXXXXX")"
  trap 'rm -rf -- "$scratch"' EXIT
  mapfile -t global < <(storage_flags "$1" "$dir")
  [ "${#global[@]}" -gt 0 ] ||
    die "$1 finds no storage driver that works under '$dir': $(tail -n 1 "$scratch/log")"
  make_probe_image "$scratch" || die "cannot compile a static program"
  if [ "$1" = podman ]; then
    detect_podman_runtime || die "podman runs nothing here: $(tail -n 1 "$scratch/log")"
  else
    detect_buildah_isolation || die "buildah runs nothing here: $(tail -n 1 "$scratch/log")"
  fi
  "$1" "${global[@]}" rmi cairn.invalid/probe >/dev/null 2>&1
  key='{{.Store.GraphRoot}}'
  [ "$1" = buildah ] && key='{{.store.GraphRoot}}'
  identity="$("$1" "${global[@]}" info --format "$key")" || die "$1 does not answer"
  # shellcheck disable=SC2086 # words are wanted
  print_endpoint "$1" "" "$binary" "" "" "$identity" "$(json_list "${global[@]}")" \
    "$(json_list $build)" "$(json_list $run)"
}
