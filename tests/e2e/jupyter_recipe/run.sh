#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh KIND: Jupyter's forms of naming parents, as they are, build on the images just built:
# offline, and also where the engine holds other images under the public names.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
open_world "$1"
build="$world/build"
images="$build/cairn/images"

cat >"$world/src/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(recipes LANGUAGES NONE)
find_package(Cairn REQUIRED)
add_docker_stack(${STACK} ALL REGISTRY registry.example OWNER ${STACK} CONTEXT_ROOT images)
add_docker_image(system)
add_docker_image(tools)
add_docker_image(docker-stacks-foundation PARENTS system
  BUILD_ARGS ROOT_IMAGE=registry.example/${STACK}/system)
add_docker_image(base-notebook PARENTS docker-stacks-foundation CONTENT_PARENTS tools)
set(tool one CACHE STRING "")
add_docker_test(generation IMAGE docker-stacks-foundation COMMAND /probe expect /generation real)
add_docker_test(tool IMAGE base-notebook COMMAND /probe expect /tool ${tool})
add_docker_test(copy IMAGE base-notebook COMMAND /probe expect /tool-of-stage ${tool})
END

make_context system <<'END'
FROM scratch
COPY probe /probe
END
put_probe system

make_context tools <<'END'
FROM scratch
COPY probe tool /
END
put_probe tools
printf one >"$world/src/images/tools/tool"

# The digest is nobody's: whoever asks for it fails.
make_context docker-stacks-foundation <<END
ARG ROOT_IMAGE=default_root_image
FROM registry.example/nobody/ubuntu:24.04@sha256:$(printf '1%.0s' {1..64}) AS default_root_image
FROM \$ROOT_IMAGE
COPY generation /generation
END
printf real >"$world/src/images/docker-stacks-foundation/generation"

mount_step=""
[ "$kind" = docker-legacy ] ||
  mount_step="RUN --mount=type=bind,from=registry.example/$stack/tools,source=/,target=/mnt \
[\"/probe\", \"expect\", \"/mnt/tool\"]"
make_context base-notebook <<END
ARG REGISTRY=quay.io
ARG OWNER=jupyter
ARG BASE_IMAGE=\$REGISTRY/\$OWNER/docker-stacks-foundation
FROM registry.example/$stack/tools AS tools
FROM \$BASE_IMAGE
LABEL maintainer="nobody"
RUN ["/probe", "expect", "/generation", "real"]
COPY --from=tools /tool /tool-of-stage
COPY --from=registry.example/$stack/tools:latest /tool /tool
$mount_step
END

expect_content() { # TOOL WHAT
  run engine image inspect "registry.example/$stack/base-notebook:latest" 2>/dev/null
  run cairn test "$images/base-notebook/$arch" --all
  expect_status 0 "$2"
  expect_text "passed  base-notebook: generation" "$2"
  expect_text "passed  base-notebook: tool" "$2"
  expect_text "passed  base-notebook: copy" "$2"
}

must configure "$build"
run ninja -C "$build" images
expect_status 0 "the first build"
expect_content one "the first build"

# The public names now stand for other images, as after somebody's pull.
mkdir "$world/decoy"
cp "$CAIRN_STATIC_PROBE" "$world/decoy/probe"
printf decoy | tee "$world/decoy/generation" >"$world/decoy/tool"
printf 'FROM scratch\nCOPY . /\n' >"$world/decoy/Dockerfile"
read -ra build_flags < <(jq -r '.build_flags | join(" ")' "$engine_file")
must env DOCKER_BUILDKIT=0 "${engine_command[@]}" build "${build_flags[@]}" \
  -t "$stack/decoy:latest" "$world/decoy"
decoy="$stack/decoy:latest"
[ "$kind" = podman ] || [ "$kind" = buildah ] && decoy="localhost/$decoy"
for name in docker-stacks-foundation tools; do
  must engine tag "$decoy" "registry.example/$stack/$name:latest"
done
run cairn build "$images/base-notebook/$arch" --force --no-cache
expect_status 0 "a build beside images of the parents' names"
expect_content one "a build beside images of the parents' names"

# And the scan gives the names back to the stack's own.
run ninja -C "$build" images
expect_status 0 "the build after that"
expect_text "registry.example/$stack/tools:latest' named another image or none: set again" "names"
expect_no_text "Building image" "names decide nothing"

# New content of a parent that is only copied from.
printf two >"$world/src/images/tools/tool"
must configure "$build" -Dtool=two
run ninja -C "$build" images images-test
expect_status 0 "a new tool"
expect_no_text "Building image docker-stacks-foundation" "a new tool"
expect_content two "a new tool"
finish
