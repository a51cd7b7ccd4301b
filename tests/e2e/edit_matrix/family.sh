# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# shellcheck disable=SC2154,SC2016 # run.sh has the variables; 'eval' expands
# root <- parent <- child, and other, which has nothing to do with them and a RUN step. No two of
# them begin with the same step: built at once, these would leave podman, buildah and the legacy
# builder two images to go on from, and which of them is taken is chance.
make_family() {
  cat >"$world/src/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(matrix LANGUAGES NONE)
find_package(Cairn REQUIRED)
add_docker_stack(${STACK} ALL REGISTRY registry.example OWNER ${STACK} CONTEXT_ROOT images)
add_docker_tag_probe(version COMMAND /probe print 1.2.3)
add_docker_image(root)
add_docker_image(parent PARENTS root CACHE_ARGS GREETING)
add_docker_image(child PARENTS parent TAG_PROBES version)
add_docker_tag_probe(own COMMAND /other/probe print 1.2.3)
add_docker_image(other TAG_PROBES own)
add_docker_test(runs IMAGE child COMMAND /probe print fine EXPECT_STDOUT fine)
add_docker_test(helper IMAGE child HOST_COMMAND sh helper.sh {ref} WORKING_DIR tests
  INPUTS tests/helper.sh)
END
  mkdir "$world/src/tests"
  echo '[ -n "$1" ]' >"$world/src/tests/helper.sh"
  make_context root <<'END'
FROM scratch
COPY probe /probe
END
  put_probe root
  make_context parent <<'END'
FROM scratch AS unneeded
ARG SPARE=1
FROM registry.example/STACK/root
ARG GREETING=none
ENV GREETING=$GREETING
COPY content /context/
END
  sed -i "s/STACK/$stack/" "$world/src/images/parent/Dockerfile"
  printf '*.log\nignored\n' >"$world/src/images/parent/.dockerignore"
  mkdir "$content" "$content/folder" "$content/ignored" "$world/src/images/parent/ignored"
  echo one >"$content/file"
  echo two >"$content/folder/gone"
  echo noise >"$content/noise.log"
  echo noise >"$world/src/images/parent/noise.log"
  ln -s file "$content/link"
  make_context child <<'END'
ARG REGISTRY=nowhere.example
ARG OWNER=nobody
ARG BASE_IMAGE=$REGISTRY/$OWNER/parent
FROM $BASE_IMAGE
COPY Dockerfile /child
END
  make_context other <<'END'
FROM scratch
COPY probe /other/probe
RUN ["/other/probe", "write", "/made"]
LABEL a=a
END
  put_probe other
}
