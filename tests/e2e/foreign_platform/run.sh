#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh KIND: one tree builds images for this machine and for another architecture, which never
# runs anything here.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
open_world "$1"
build="$world/build"
images="$build/cairn/images"
own=linux/amd64 foreign=linux/arm64 foreign_arch=aarch64 foreign_name=aarch64-latest
[ "$arch" = x86_64 ] || { own=linux/arm64 foreign=linux/amd64 foreign_arch=x86_64; }
[ "$arch" = x86_64 ] || foreign_name=x86_64-latest
front="registry.example/$stack"

cat >"$world/src/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(foreign LANGUAGES NONE)
find_package(Cairn REQUIRED)
add_docker_stack(${STACK} REGISTRY registry.example OWNER ${STACK} CONTEXT_ROOT images
  PLATFORMS linux/amd64 linux/arm64)
add_docker_image(data)
add_docker_image(below PARENTS data)
add_docker_image(refused)
END
make_context data <<'END'
FROM scratch
ARG TARGETARCH
COPY for-$TARGETARCH /data
END
echo amd64 >"$world/src/images/data/for-amd64"
echo arm64 >"$world/src/images/data/for-arm64"
printf 'FROM %s/data\nCOPY more /more\n' "$front" | make_context below
echo more >"$world/src/images/below/more"
printf 'FROM %s/own:1\nLABEL a=b\n' "$front" | make_context refused

platform_of() { # NAME: as the engine says it
  engine inspect --type image --format '{{.Os}}/{{.Architecture}}' "$1" 2>/dev/null ||
    engine inspect --type image --format '{{.OCIv1.OS}}/{{.OCIv1.Architecture}}' "$1"
}

expect_equal() { # SEEN EXPECTED WHAT
  [ "$1" = "$2" ] || fail "$3: '$1' instead of '$2'"
}

record() { # FOLDER MEMBER
  jq -r ".$2" "$images/$1/image.json"
}

must configure "$build" "-DCAIRN_PLATFORMS=$own;$foreign" -DCAIRN_EMULATE=ON
run ninja -C "$build" below
expect_status 0 "two platforms of one tree"
for image in data below; do
  expect_equal "$(platform_of "$front/$image:latest")" "$own" "$image of this machine"
  expect_equal "$(platform_of "$front/$image:$foreign_name")" "$foreign" "$image of another"
  expect_equal "$(record "$image/$foreign_arch" platform)" "$foreign" "the record of $image"
  expect_equal "$(record "$image/$foreign_arch" local_name)" "$front/$image:$foreign_name" \
    "the name of $image"
  ! cmp -s "$images/$image/$arch/identity" "$images/$image/$foreign_arch/identity" ||
    fail "$image is one content on two platforms"
done
expect_equal "$(record "below/$foreign_arch" 'parents[0].identity')" \
  "$(cat "$images/data/$foreign_arch/identity")" "the parent of a foreign image"
run ninja -C "$build" below
expect_no_text "Building image" "the second build"

# A base that the engine holds for this machine's platform only.
must engine tag "$front/data:latest" "$front/own:1"
run ninja -C "$build" "refused-$arch"
expect_status 0 "a base of the right platform"
run ninja -C "$build" "refused-$foreign_arch"
[ "$status" -ne 0 ] || fail "an image was built on a base of another platform"
expect_text "cairn: error: base '$front/own:1' is for $own, but image 'refused' is for $foreign
cairn: hint: have it for $foreign in the engine, or take that platform out of PLATFORMS" \
  "a base of another platform"
[ ! -e "$images/refused/$foreign_arch/image.json" ] || fail "a refused image has a record"
finish
