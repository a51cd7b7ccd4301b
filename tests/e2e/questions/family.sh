# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# shellcheck disable=SC2154,SC2016 # run.sh has the variables
# root <- parent <- child, and other, all in a git repository of their own.
make_family() {
  cat >"$world/src/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(questions LANGUAGES NONE)
find_package(Cairn REQUIRED)
include(local.cmake OPTIONAL)
add_docker_stack(${STACK} REGISTRY registry.example OWNER ${STACK} CONTEXT_ROOT images)
add_docker_image(root)
add_docker_image(parent PARENTS root BUILD_ARGS GREETING=hi)
add_docker_image(child PARENTS parent)
add_docker_image(other)
add_docker_test(helper IMAGE other HOST_COMMAND sh helper.sh {ref} WORKING_DIR tests
  INPUTS tests/helper.sh)
add_docker_test(runs IMAGE child COMMAND /probe print fine EXPECT_STDOUT fine)
END
  mkdir "$world/src/tests"
  echo '[ -n "$1" ]' >"$world/src/tests/helper.sh"
  make_context root <<'END'
FROM scratch
COPY probe /probe
END
  put_probe root
  make_context parent <<END
FROM registry.example/$stack/root
ARG GREETING=none
ENV GREETING=\$GREETING
COPY content /context/
END
  mkdir "$world/src/images/parent/content"
  echo one >"$world/src/images/parent/content/file"
  echo a file that is long enough to be known again >"$world/src/images/parent/content/moved"
  make_context child <<END
FROM registry.example/$stack/parent
COPY own /own
END
  echo mine >"$world/src/images/child/own"
  make_context other <<'END'
FROM scratch
COPY probe /probe
LABEL kind=other
END
  put_probe other
  local image
  for image in root parent child other; do
    printf 'Dockerfile\n.dockerignore\n' >"$world/src/images/$image/.dockerignore"
  done
  export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
  export GIT_AUTHOR_NAME="Jane Doe" GIT_AUTHOR_EMAIL=jane@example.org
  export GIT_COMMITTER_NAME="Jane Doe" GIT_COMMITTER_EMAIL=jane@example.org
  export GIT_AUTHOR_DATE=2026-03-01T12:00:00Z
  echo local.cmake >"$world/src/.gitignore"
  must git -C "$world/src" init --quiet
  commit "Begin"
}

commit() { # SUBJECT: all that the tree holds
  must git -C "$world/src" add --all
  must git -C "$world/src" commit --quiet --message "$1"
}
