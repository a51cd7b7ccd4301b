#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# shellcheck disable=SC2154,SC2016 # open_world sets them; Dockerfiles expand
# run.sh KIND: edits that approximate keys are known to miss or to see without need: a copied file,
# the base of another stage, a build argument, a commit that changes nothing, the chain of parents;
# then the same sources from an empty build folder, another place and a fresh clone.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
open_world "$1"

make_family() { # root <- app <- leaf; tools is the base of app's other stage
  cat >"$world/src/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(missed LANGUAGES NONE)
find_package(Cairn REQUIRED)
add_docker_stack(${STACK} ALL REGISTRY registry.example OWNER me CONTEXT_ROOT images)
add_docker_image(root)
add_docker_image(tools)
add_docker_image(app PARENTS root tools CACHE_ARGS GREETING)
add_docker_image(leaf PARENTS app)
END
  printf 'FROM scratch\nCOPY file /root\n' | make_context root
  printf 'FROM scratch\nCOPY file /tools\n' | make_context tools
  printf '%s\n' 'FROM registry.example/me/tools AS made' 'COPY made /made' \
    'FROM registry.example/me/root' 'ARG GREETING=none' 'ENV GREETING=$GREETING' \
    'COPY file conf* /app/' 'COPY --from=made /made /tools /app/' | make_context app
  printf 'FROM registry.example/me/app\nCOPY file /leaf\n' | make_context leaf
  for image in root tools app leaf; do echo "$image" >"$world/src/images/$image/file"; done
  echo made >"$world/src/images/app/made"
  echo conf >"$world/src/images/app/conf.d"
  echo readme >"$world/src/images/app/README"
}

build_all() { # SOURCE_FOLDER BUILD_FOLDER: prints what was built
  cmake -G Ninja -S "$1" -B "$2" -DCMAKE_PREFIX_PATH="$world/prefix" -DSTACK="$stack" \
    -DCAIRN_ENGINE_FILE="$engine_file" -DCAIRN_STORE="$world/store" -DCAIRN_CA_BUNDLE= \
    -DGREETING="${greeting:-none}" >"$world/log" 2>&1 &&
    ninja -C "$2" images >>"$world/log" 2>&1 || echo failed
  sed -nE "s/^cairn: built '([a-z]+)' in .*/\1/p" "$world/log" | sort | xargs
}

expect_built() { # WHAT IMAGES [SOURCE_FOLDER BUILD_FOLDER]
  local seen
  seen="$(build_all "${3:-$world/src}" "${4:-$world/build}")"
  [ "$seen" = "$2" ] && return 0
  fail "$1: built '$seen' instead of '$2'"
  show_file "$world/log"
}

commit() { # ARGUMENTS of git commit
  git -C "$world/src" add -A
  git -C "$world/src" -c user.name=a -c user.email=a@b.example commit -q "$@"
}

make_family
git init -q "$world/src"
commit -m first
images="$world/src/images"
expect_built "at first" "app leaf root tools"
echo more >>"$images/app/file"
expect_built "a copied file" "app leaf"
echo more >>"$images/app/conf.d"
expect_built "a file that only a wildcard names" "app leaf"
echo more >>"$images/app/README"
expect_built "a file that no instruction reads" ""
echo more >>"$images/tools/file"
expect_built "the base of another stage" "app leaf tools"
greeting=hello
expect_built "a build argument" "app leaf"
for image in root tools app leaf; do
  cp "$images/$image/file" "$world/copy" && mv "$world/copy" "$images/$image/file"
done
commit --allow-empty -m "touches every file and changes none"
expect_built "a commit that changes nothing" ""
echo more >>"$images/root/file"
expect_built "the chain of parents" "app leaf root"
commit -m last
rm -rf "$world/build"
expect_built "an empty build folder" ""
cp -R "$world/src" "$world/moved"
expect_built "another place" "" "$world/moved" "$world/moved/build"
git clone -q "$world/src" "$world/clone"
expect_built "a fresh clone" "" "$world/clone" "$world/clone/build"
finish
