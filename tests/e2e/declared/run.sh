#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# shellcheck disable=SC2317 # called by name
# run.sh KIND: REPRODUCIBLE, REFRESH, NORMALIZE_MODES, odd sources, a kept `# syntax=`, and what is
# declared no more.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
open_world "$1"
build="$world/build"
images="$build/cairn/images"

cat >"$world/src/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(declared LANGUAGES NONE)
find_package(Cairn REQUIRED)
add_docker_stack(${STACK} ALL REGISTRY registry.example OWNER ${STACK} CONTEXT_ROOT images)
add_docker_image(exact REPRODUCIBLE)
add_docker_image(below PARENTS exact)
add_docker_image(monthly REFRESH monthly)
add_docker_image(modes NORMALIZE_MODES)
add_docker_image(sources)
add_docker_image(dropped)
add_docker_image(kept)
add_docker_image(former)
add_docker_image(formerly PARENTS former)
END

# No two begin with the same step: podman and buildah would take one's steps for the other's.
with_probe() { # IMAGE FURTHER_LINES
  printf 'FROM scratch\nCOPY probe /%s/probe\n%s\n' "$1" "$2" | make_context "$1"
  put_probe "$1"
}
with_probe exact 'RUN ["/exact/probe", "write", "/made"]'
# shellcheck disable=SC2016 # the builder's variable
printf 'ARG OWNER\nFROM registry.example/$OWNER/exact\nLABEL a=b\n' | make_context below
with_probe former ""
# shellcheck disable=SC2016 # the builder's variable
printf 'ARG OWNER\nFROM registry.example/$OWNER/former\nLABEL c=d\n' | make_context formerly
with_probe monthly 'RUN ["/monthly/probe", "write", "/made"]'
printf 'FROM scratch\nCOPY content /content/\n' | make_context modes
printf 'FROM scratch\nCOPY . /all/\n' | make_context sources
for name in dropped kept; do
  with_probe "$name" ""
  # Else the recipe would be keyed as a file of the context as well.
  echo Dockerfile >"$world/src/images/$name/.dockerignore"
done

# docker refuses; podman and buildah make the same bytes twice, and nothing behind runs again.
story_reproducible() {
  local before
  run ninja -C "$build" below
  if [ "$kind" = docker-buildkit ]; then
    [ "$status" -ne 0 ] || fail "docker built a REPRODUCIBLE image"
    expect_text "cairn: error: 'exact' is REPRODUCIBLE, but docker's builders cannot rewrite the \
times in layers without exporting them
cairn: hint: build it with podman or buildah (-DCAIRN_ENGINE=buildah), or take REPRODUCIBLE away" \
      "REPRODUCIBLE on docker"
    return 0
  fi
  expect_status 0 "a REPRODUCIBLE image"
  before="$(cat "$images/exact/$arch/config")"
  next_second
  run cairn build -C "$build" exact --force --no-cache
  expect_text ": same content, kept" "a REPRODUCIBLE image, cold"
  [ "$(cat "$images/exact/$arch/config")" = "$before" ] || fail "kept, but another image"
  run ninja -C "$build" below
  expect_status 0 "the child of a rebuilt image"
  expect_no_text "Building image" "the child of a rebuilt image"
}

# Another owner is no other content: the same images under their new names, and all that says them.
story_names() {
  local before image file new="registry.example/$stack-new"
  run ninja -C "$build" below
  before="$(id_of "registry.example/$stack/below:latest")"
  must configure "$build" -DCAIRN_OWNER="$stack-new"
  run ninja -C "$build" below
  expect_status 0 "another owner"
  expect_no_text "cairn: built" "another owner"
  [ "$(id_of "$new/below:latest")" = "$before" ] || fail "another owner: no new name"
  for image in exact below; do
    [ -z "$(id_of "registry.example/$stack/$image:latest")" ] ||
      fail "another owner: $image kept its name"
  done
  for file in image.json tags.txt manifest.md; do
    grep -qF "$new/below" "$images/below/$arch/$file" || {
      fail "another owner: not in $file"
      show_file "$images/below/$arch/$file"
    }
  done
  run ninja -C "$build" below
  expect_no_text "image below" "another owner, again"
  must configure "$build" -DCAIRN_OWNER=
  run ninja -C "$build" below
}

# The period that was last built in, as a month ago.
make_period_old() {
  local file
  for file in "$world"/store/refresh/*; do
    echo 2001-01 | tr -d '\n' >"$file"
  done
}

force() { # WHAT kept|built; a RUN step that really ran is a second younger
  next_second
  run cairn build -C "$build" monthly --force
  expect_status 0 "$1"
  if [ "$2" = kept ]; then
    expect_text ": same content, kept" "$1"
  else
    expect_no_text ": same content, kept" "$1"
  fi
}

story_refresh() {
  local recipe="$world/src/images/monthly/Dockerfile"
  # The story takes less than five minutes; it must not see a month end.
  while [ "$(date -u +%Y-%m)" != "$(date -u -d '+5 minutes' +%Y-%m)" ]; do
    read -r -t 5 <> <(:) || true
  done
  run ninja -C "$build" monthly
  expect_status 0 "a monthly image"
  force "within the month the cache is used" kept
  make_period_old
  cp "$recipe" "$world/recipe"
  # At its first step: what a failed build leaves in buildah's cache would be a second way on.
  sed -i '2i COPY missing /missing' "$recipe"
  run ninja -C "$build" monthly
  [ "$status" -ne 0 ] || fail "a failing step was built"
  cp "$world/recipe" "$recipe"
  run cairn scan "$build"
  force "a build that failed does not count for the month" built
  force "one that succeeded does" kept
}

mode_of() { # PATH in the image 'modes'
  local container folder
  container="$(engine from --pull-never "registry.example/$stack/modes:latest")"
  folder="$(engine mount "$container")"
  stat -c %a "$folder$1"
  engine rm "$container" >/dev/null
}

story_modes() {
  local content="$world/src/images/modes/content"
  mkdir -m 0700 "$content"
  install -m 0600 /dev/null "$content/plain"
  install -m 0711 /dev/null "$content/program"
  run ninja -C "$build" modes
  expect_status 0 "NORMALIZE_MODES"
  [ "$(mode_of /content/plain) $(mode_of /content/program)" = "644 755" ] ||
    fail "modes: $(mode_of /content/plain) $(mode_of /content/program) instead of 644 755"
  chmod 0664 "$content/plain"
  chmod 0755 "$content/program" "$content"
  run ninja -C "$build" modes
  expect_no_text "Building image" "other modes that come to the same"
  chmod 0744 "$content/plain"
  run ninja -C "$build" modes
  expect_text "cairn: built 'modes' in" "a file that became a program"
}

expect_warning() { # TEXT
  expect_text "cairn: warning: $1" "odd sources"
}

# A clone whose submodule was not checked out, with a pointer of Git LFS and files git ignores.
make_odd_sources() {
  local folder="$world/src/images/sources" quiet=(-q -c init.defaultBranch=main)
  git "${quiet[@]:1}" init -q "$folder"
  printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 1\n' 0 \
    >"$folder/large.bin"
  echo '*.tmp' >"$folder/.gitignore"
  echo noise >"$folder/editor.tmp"
  printf '[submodule "lib"]\n\tpath = lib\n\turl = ../lib\n' >"$folder/.gitmodules"
  git -C "$folder" update-index --add --cacheinfo "160000,$(printf '%040d' 1),lib"
  mkdir "$folder/lib"
}

story_sources() {
  make_odd_sources
  run ninja -C "$build" sources
  expect_status 0 "odd sources"
  expect_warning "'sources' takes .git, which every commit changes; if the image does not need it, \
add the line '.git' to .dockerignore"
  expect_warning "'sources' takes 'large.bin', a Git LFS pointer and not the file: git lfs pull"
  expect_warning "'sources' takes 'editor.tmp', which git ignores; if the image does not need it, \
add the line 'editor.tmp' to .dockerignore"
  expect_warning "the submodule 'lib' in the context of 'sources' is not checked out: \
git submodule update --init"
  printf '.git\n*.tmp\n' >"$world/src/images/sources/.dockerignore"
  echo large >"$world/src/images/sources/large.bin"
  git -C "$world/src/images/sources" update-index --force-remove lib
  run ninja -C "$build" sources
  expect_text "cairn: built 'sources' in" "sources in order"
  expect_no_text "warning" "sources in order"
}

take_out() { # IMAGE
  sed -i "/^add_docker_image($1\\b/d" "$world/src/CMakeLists.txt"
  must configure "$build"
}

# What is taken out of CMakeLists.txt is said, and goes when that is asked for; nothing else goes.
story_declared_no_more() {
  local name="registry.example/$stack" dropped
  must ninja -C "$build" formerly dropped
  dropped="$(id_of "$name/dropped:latest")"
  sed -i 's/formerly PARENTS former/formerly/' "$world/src/CMakeLists.txt"
  take_out former
  run cairn clean --undeclared -C "$build"
  expect_text "kept the image and the records of 'former/$arch': 'formerly' stands on it" "a parent"
  [ -n "$(id_of "$name/former:latest")" ] || fail "a parent went, and its child is there"
  take_out formerly
  run cairn status "$build"
  expect_text "not declared any more, but with records here: former/$arch formerly/$arch; " "status"
  expect_text " in the engine: cairn clean --undeclared -C @/build" "status"
  run cairn clean --undeclared -C "$build"
  expect_status 0 "clean --undeclared"
  expect_text "removed the records of 'formerly/$arch'
removed the records of 'former/$arch'" "clean --undeclared"
  [ -z "$(id_of "$name/former:latest")$(id_of "$name/formerly:latest")" ] ||
    fail "clean --undeclared left an image"
  if [ -e "$images/former" ] || [ -e "$images/formerly" ]; then
    fail "clean --undeclared left a folder"
  fi
  [ "$(id_of "$name/dropped:latest")" = "$dropped" ] || fail "clean --undeclared took another image"
  run cairn status "$build"
  expect_no_text "declared any more" "status after clean --undeclared"
}

key_of() { sed -n 's/^input //p' "$images/$1/$arch/key"; }

# Nobody listens at port 1: a front end that is asked for there is one that cannot be had.
story_syntax() {
  local before syntax='# syntax=127.0.0.1:1/nobody/dockerfile:1'
  run ninja -C "$build" dropped
  before="$(key_of dropped)"
  sed -i "1i $syntax" "$world/src/images/dropped/Dockerfile"
  run ninja -C "$build" dropped
  expect_status 0 "a '# syntax=' that the recipe does not need"
  [ "$(key_of dropped)" = "$before" ] || fail "a dropped '# syntax=' is in the key"
  sed -i -e "1i $syntax" -e 's/^COPY/COPY --link/' "$world/src/images/kept/Dockerfile"
  run ninja -C "$build" kept
  [ "$status" -ne 0 ] || fail "20.10's own front end took COPY --link"
  grep -q '127\.0\.0\.1:1/' "$world/out" || {
    fail "the front end that the recipe needs was not asked for"
    show_file "$world/out"
  }
  before="$(key_of kept)"
  sed -i 's/dockerfile:1/dockerfile:2/' "$world/src/images/kept/Dockerfile"
  run cairn scan "$build"
  [ "$(key_of kept)" != "$before" ] || fail "a kept '# syntax=' is not in the key"
}

must configure "$build"
story_reproducible
[ "$kind" = docker-buildkit ] || story_names
case "$kind" in
  buildah) story_refresh && story_modes && story_sources ;;
  docker-buildkit) story_syntax ;;
esac
story_declared_no_more
finish
