#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# shellcheck disable=SC2317 # called by name
# run.sh KIND: builds that are killed, interrupted, run twice at once, or lose their engine or disk.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
open_world "$1"
build="$world/build"
slow="$build/cairn/images/slow/$arch"
mark="/held-by-$stack"
pattern="[h]eld-by-$stack" # which does not find the command line of grep itself

cat >"$world/src/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(luck LANGUAGES NONE)
find_package(Cairn REQUIRED)
add_docker_stack(${STACK} ALL REGISTRY registry.example OWNER ${STACK} CONTEXT_ROOT images)
add_docker_image(slow)
add_docker_image(other)
END

recipe() { # FURTHER LINES
  printf 'FROM scratch\nCOPY probe /probe\n%s\n' "$1" | make_context slow
}

# A RUN step that never ends, recognised by its command line.
hold() { recipe "RUN [\"/probe\", \"wait\", \"$mark\"]"; }
is_held() { grep -lsa -- "$pattern" /proc/[0-9]*/cmdline | grep -q .; }
# A killed engine leaves its containers' processes; their command line is this story's own.
end_held() {
  local file
  while IFS= read -r file; do
    file="${file#/proc/}"
    kill -KILL "${file%/cmdline}" 2>/dev/null
  done < <(grep -lsa -- "$pattern" /proc/[0-9]*/cmdline)
}
is_free() { ! is_held; }

# In a session of its own, so that a signal reaches it as it would from a terminal.
start_held_build() {
  setsid cairn build -C "$build" slow >"$world/out" 2>&1 &
  builder=$!
  if ! wait_until 60 is_held; then
    show_file "$world/out"
    fail "the build does not come to its RUN step"
  fi
}

end_build() { # SIGNAL: sets status
  kill "-$1" "$builder"
  status=0
  wait "$builder" 2>/dev/null || status=$?
}

containers() {
  case "$kind" in
    buildah) engine containers --all --quiet ;;
    podman) engine ps --all --external --quiet ;;
    *) engine ps --all --quiet ;;
  esac
}

has_no_containers() { [ -z "$(containers)" ]; }

expect_whole_records() { # WHAT
  local file
  while IFS= read -r file; do
    jq -e .schema "$file" >/dev/null || fail "$1: '$file' is not whole"
  done < <(find "$build/cairn" "$world/store" -name '*.json')
  [ -z "$(find "$slow" "$world/store" -name '*.tmp-*')" ] || fail "$1: half a file is left"
}

expect_next_build() { # WHAT; nothing may be left of what went before
  recipe "LABEL after=\"$1\""
  run ninja -C "$build" slow
  expect_status 0 "the build after $1"
  expect_text "cairn: built 'slow' in" "the build after $1"
  expect_whole_records "$1"
  [ -z "$(find "$slow" -maxdepth 1 -name '.*-*')" ] || fail "$1: staged files are left"
}

trap 'end_held; umount "$world/full" 2>/dev/null; close_world' EXIT
recipe "LABEL a=b"
put_probe slow
printf 'FROM scratch\nCOPY probe /probe\n' | make_context other
put_probe other
must configure "$build"
must ninja -C "$build" slow

story_killed() {
  hold
  cp "$slow/image.json" "$world/before.json"
  start_held_build
  end_build KILL
  [ "$status" -eq 137 ] || fail "a killed build: exit status $status"
  cmp -s "$slow/image.json" "$world/before.json" || fail "a killed build touched the record"
  wait_until 30 is_free || fail "a killed build goes on in the engine"
  wait_until 30 has_no_containers || fail "a killed build leaves containers: $(containers)"
  expect_next_build "SIGKILL"
}

# A container that is waited for, and a detached one, outlive the command line that started them.
story_killed_tests() {
  local tested="$world/tested" name
  cp "$world/src/CMakeLists.txt" "$world/kept.txt"
  cat >>"$world/src/CMakeLists.txt" <<END
add_docker_test(waited IMAGE slow COMMAND /probe wait $mark)
add_docker_test(detached IMAGE slow DETACHED WAIT_PORT 600 PORT 9 COMMAND /probe wait $mark)
END
  must configure "$tested"
  cp "$world/kept.txt" "$world/src/CMakeLists.txt"
  recipe 'LABEL tested="yes"'
  must ninja -C "$tested" slow
  for name in waited detached; do
    setsid cairn test -C "$tested" slow --only "$name" >"$world/out" 2>&1 &
    builder=$!
    wait_until 60 is_held || fail "the $name test does not come to its container"
    end_build KILL
    wait_until 30 is_free || fail "the container of a killed $name test goes on"
    wait_until 30 has_no_containers || fail "a killed $name test leaves: $(containers)"
    [ ! -e "$tested/cairn/images/slow/$arch/tests/$name.json" ] || fail "a killed test has a record"
  done
}

story_interrupted() {
  hold
  start_held_build
  end_build INT
  expect_status 130 "Ctrl-C"
  expect_text "cairn: error: interrupted" "Ctrl-C"
  wait_until 30 is_free || fail "an interrupted build goes on in the engine"
  [ -z "$(containers)" ] || fail "an interrupted build leaves containers: $(containers)"
  expect_next_build "Ctrl-C"
}

story_twice() {
  local second="$world/second" first_status=0 second_status=0
  must configure "$second"
  recipe 'LABEL twice="yes"'
  ninja -C "$build" >"$world/first.log" 2>&1 &
  local pid=$!
  ninja -C "$second" >"$world/second.log" 2>&1 || second_status=$?
  wait "$pid" || first_status=$?
  [ "$first_status$second_status" = 00 ] || {
    fail "two builds at once: $first_status and $second_status"
    show_file "$world/first.log"
    show_file "$world/second.log"
  }
  [ "$(cat "$world"/{first,second}.log | grep -c "^cairn: built 'slow' in")" = 1 ] || {
    fail "of two builds at once one builds and the other waits"
    show_file "$world/first.log"
    show_file "$world/second.log"
  }
  cmp -s "$slow/config" "$second/cairn/images/slow/$arch/config" || fail "two images of one build"
  expect_whole_records "two builds at once"
}

all_images() { engine images --quiet --no-trunc | sort -u; }

# An engine that builds for another platform than it is asked for, as the legacy builder did.
story_other_platform() {
  local before program
  program="$(jq -r .program "$engine_file")"
  # shellcheck disable=SC2016 # of the program
  printf '#!/bin/bash\nexec %q "${@/#linux\/*/linux/s390x}"\n' "$program" >"$world/program"
  chmod +x "$world/program"
  cp "$build/cairn/engine.json" "$world/kept.json"
  jq --arg program "$world/program" '.program = $program' "$world/kept.json" \
    >"$build/cairn/engine.json"
  recipe 'LABEL platform="other"'
  run cairn scan "$build"
  before="$(all_images)"
  run cairn build -C "$build" slow
  expect_text "cairn: error: 'slow' was built for linux/s390x instead of linux/" "another platform"
  [ "$(all_images)" = "$before" ] || fail "an image that failed its proof is left"
  cp "$world/kept.json" "$build/cairn/engine.json"
  expect_next_build "another platform"
}

story_full_disk() {
  local full="$world/full" image
  mkdir "$full"
  must mount -t tmpfs -o size=8m cairn-e2e-full "$full"
  must configure "$full"
  must ninja -C "$full" slow
  image="$full/cairn/images/slow/$arch"
  cp "$image/image.json" "$world/before.json"
  recipe 'LABEL full="yes"'
  dd if=/dev/zero of="$full/filler" bs=64k status=none 2>/dev/null
  run ninja -C "$full" slow
  [ "$status" -ne 0 ] || fail "a build on a full disk: exit status 0"
  expect_text "No space left on device" "a full disk"
  grep -qE "^cairn: error: .*'[^']+': No space left on device" "$world/out" || {
    fail "a full disk: what could not be written is not named"
    show_file "$world/out"
  }
  cmp -s "$image/image.json" "$world/before.json" || fail "a full disk touched the record"
  rm "$full/filler"
  run ninja -C "$full" slow
  expect_status 0 "the build when there is room again"
  umount "$full"
}

# The daemon and its own containerd, as when the machine's service is killed.
kill_engine() {
  local folder
  folder="$(dirname "$(jq -r '.url | sub("unix://"; "")' "$engine_file")")"
  kill -KILL "$(cat "$folder/docker.pid")"
}

story_engine_dies() {
  local url
  url="$(jq -r .url "$engine_file")"
  hold
  cp "$slow/image.json" "$world/before.json"
  start_held_build
  kill_engine
  status=0
  wait "$builder" || status=$?
  expect_status 3 "the engine dies in a build"
  expect_text "cairn: error: docker does not answer at '$url': connecting to '${url#unix://}': \
Connection refused
cairn: hint: start it (systemctl start docker), or choose another engine: \
cmake -DCAIRN_ENGINE=podman -B <build folder>" "the engine dies in a build"
  cmp -s "$slow/image.json" "$world/before.json" || fail "a dead engine touched the record"
  expect_whole_records "the engine dies in a build"
}

story_engine_stopped() {
  local url
  url="$(jq -r .url "$engine_file")"
  end_engine
  run ninja -C "$build" slow
  [ "$status" -ne 0 ] || fail "a build without an engine: exit status 0"
  expect_text "cairn: error: docker does not answer at '$url': connecting to '${url#unix://}': \
No such file or directory
cairn: hint: start it (systemctl start docker), or choose another engine: \
cmake -DCAIRN_ENGINE=podman -B <build folder>" "a stopped engine"
  run cairn build "$slow"
  expect_status 3 "a build by hand without an engine"
}

# Another engine answers at the same place: one that was set up with another data root.
story_engine_changed() {
  local identity
  "$support/private_engine.sh" endpoint "$kind" "$world/engine2" $$ >"$world/other.json"
  identity="$(jq -r .identity "$world/other.json" | sed "s|$world|@|")"
  jq --arg url "$(jq -r .url "$world/other.json")" '.url = $url' "$engine_file" \
    >"$build/cairn/engine.json"
  recipe 'LABEL changed="yes"'
  run ninja -C "$build" slow
  [ "$status" -ne 0 ] || fail "a build on another engine: exit status 0"
  expect_text "cairn: error: the docker engine that answers is '$identity', but this build tree \
was configured for '$(jq -r .identity "$engine_file" | sed "s|$world|@|")'" "another engine"
  "$support/private_engine.sh" stop "$world/engine2"
}

story_killed
story_killed_tests
story_interrupted
story_twice
story_other_platform
story_full_disk
if [ "${kind%-*}" = docker ]; then
  story_engine_dies
  story_engine_stopped
  story_engine_changed
fi
finish
