#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh KIND: every image of a stack is wrong in its own way; each says so, word for word, and the
# good ones are built beside them.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
open_world "$1"
build="$world/build"
images="$build/cairn/images"
front="registry.example/$stack"

simple() { # IMAGE: the static program alone
  printf 'FROM scratch\nCOPY probe /probe\n' | make_context "$1"
  put_probe "$1"
}

cat >"$world/src/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(bad LANGUAGES NONE)
find_package(Cairn REQUIRED)
add_docker_stack(${STACK} ALL REGISTRY registry.example OWNER ${STACK} CONTEXT_ROOT images)
add_docker_tag_probe(silent COMMAND /probe print "")
add_docker_tag_probe(failing COMMAND /probe exit 3)
add_docker_tag_probe(odd COMMAND /probe print 1.2.3+x)
add_docker_tag_probe(one COMMAND /probe print 1.0 TAGS same-{version})
add_docker_tag_probe(two COMMAND /probe print 1.0 TAGS same-{version})
install(FILES elf DESTINATION bin COMPONENT elf)
add_docker_image(good)
add_docker_image(victim)
add_docker_image(below PARENTS victim)
add_docker_image(syntax)
add_docker_image(hidden)
add_docker_image(fifo)
add_docker_image(unreadable)
add_docker_image(orphan)
add_docker_image(disagrees PARENTS good)
add_docker_image(argument BUILD_ARGS VERSON=1)
add_docker_image(foreign)
docker_image_install(foreign INTO app COMPONENTS elf)
add_docker_image(mute TAG_PROBES silent)
add_docker_image(failing-probe TAG_PROBES failing)
add_docker_image(odd-tag TAG_PROBES odd)
add_docker_image(same-tag TAG_PROBES one two)
if(NOT LEGACY)
  add_docker_image(secretive SECRETS token=${CMAKE_SOURCE_DIR}/token)
endif()
END
for name in good victim mute failing-probe odd-tag same-tag secretive; do
  simple "$name"
done
printf 'FROM %s/victim\nLABEL a=b\n' "$front" | make_context below
printf 'FROM scratch\nCOPPY probe /probe\n' | make_context syntax
printf 'FROM scratch\nCOPY wanted /\n' | make_context hidden
echo wanted | tee "$world/src/images/hidden/wanted" >"$world/src/images/hidden/.dockerignore"
for name in fifo unreadable; do
  printf 'FROM scratch\nCOPY . /\n' | make_context "$name"
done
mkfifo "$world/src/images/fifo/pipe"
install -m 0000 /dev/null "$world/src/images/unreadable/locked"
printf 'FROM %s/good\nLABEL a=b\n' "$front" | make_context orphan
printf 'FROM %s/victim\nLABEL a=b\n' "$front" | make_context disagrees
printf 'FROM scratch\nARG VERSION=0\nCOPY Dockerfile /\n' | make_context argument
printf 'FROM scratch\nCOPY app/ /\n' | make_context foreign
# e_machine (System V ABI): 183 is AArch64, 62 is x86-64.
machine='\267'
[ "$(uname -m)" = x86_64 ] || machine='\076'
cp "$CAIRN_STATIC_PROBE" "$world/src/elf"
# shellcheck disable=SC2059 # an escape is meant
printf "$machine" | dd of="$world/src/elf" bs=1 seek=18 conv=notrunc status=none

# Root reads every file; without this capability it is like anybody.
# shellcheck disable=SC2317 # called by name
as_anybody() { setpriv --bounding-set -dac_override,-dac_read_search "$@"; }

legacy=OFF
[ "$kind" = docker-legacy ] && legacy=ON
must configure "$build" -DLEGACY="$legacy"
run as_anybody ninja -k 0 -C "$build" images
[ "$status" -ne 0 ] || fail "a stack with bad images was built"
# shellcheck source=tests/e2e/bad_input/texts.sh
. "$(dirname "${BASH_SOURCE[0]}")/texts.sh"
check_texts
for name in good victim below mute; do
  [ -s "$images/$name/$arch/image.json" ] || fail "'$name' was not built beside the bad ones"
done
for name in syntax hidden fifo unreadable orphan disagrees argument foreign; do
  [ ! -e "$images/$name/$arch/image.json" ] || fail "'$name' has a record"
done
for name in mute failing-probe odd-tag same-tag; do
  [ ! -e "$images/$name/$arch/tags.txt" ] || fail "'$name' has tags"
done

# A failed image keeps its previous record, which is not the current one; others go on.
cp "$images/victim/$arch/image.json" "$world/before.json"
echo 'RUN ["/probe", "exit", "7"]' >>"$world/src/images/victim/Dockerfile"
echo 'LABEL a=b' >>"$world/src/images/good/Dockerfile"
run ninja -k 0 -C "$build" victim below good
[ "$status" -ne 0 ] || fail "a failing RUN step was built"
expect_text "cairn: error: building 'victim':" "a failing RUN step"
expect_text "the whole log: @/build/cairn/images/victim/$arch/build.log" "a failing RUN step"
expect_text "cairn: built 'good' in" "an unrelated image beside a failing one"
expect_no_text "Building image below" "a child of a failed image"
cmp -s "$images/victim/$arch/image.json" "$world/before.json" || fail "the previous record moved"
[ -n "$(id_of "$front/victim:latest")" ] || fail "the previous image is gone"
run cairn status "$build" --json
[ "$(jq -r '.[].images[] | select(.target == "victim").state' "$world/out")" = stale ] ||
  fail "a failed image is not stale"
[ "$(jq -r '.[].images[] | select(.target == "syntax").state' "$world/out")" = broken ] ||
  fail "an image without a key is not broken"
finish
