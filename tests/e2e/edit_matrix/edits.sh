# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# shellcheck disable=SC2154,SC2016 # run.sh has the variables; 'eval' expands
# The rows of the matrix. What an engine alone decides stands in expected_of_rebuild.

add_odd_names() {
  echo odd >"$content/with blank"
  echo odd >"$content/with 'quotes\" \$HOME"
  echo odd >"$content/"$'with\nnewline'
  echo odd >"$content/grüße-日本"
}

same_size_and_mtime() {
  touch -r "$content/file" "$world/stamp"
  echo 'ONE' >"$content/file.new" && cat "$content/file.new" >"$content/file"
  rm "$content/file.new"
  touch -r "$world/stamp" "$content/file"
}

retag() {
  engine tag "registry.example/$stack/other:latest" "registry.example/$stack/child:latest"
}
remove_by_name() { engine rmi "registry.example/$stack/parent:latest"; }
remove_by_id() { engine rmi -f "$(id_of "registry.example/$stack/child:latest")"; }

edit_between() {
  echo before >>"$content/file"
  cairn scan "$build" || return 1
  echo after >>"$content/file"
  by_hand "$images/parent/$arch"
}

add_step() { echo "LABEL b=b" >>"$world/src/images/other/Dockerfile"; }

edit_probe() {
  sed -i 's/print 1\.2\.3/print 1.2.4/' "$world/src/CMakeLists.txt"
}

# A rebuild by hand of an image of COPY steps alone, or with a RUN step, with the engine's cache or
# without: is it the same content? (docs/explanation/what-can-be-equal.md) Cold, a folder or a file
# of a RUN step is one second younger at least.
expected_of_rebuild() { # IMAGE warm|cold
  case "$kind/$1/$2" in
    podman/parent/warm | buildah/parent/warm) next_second && echo changed ;;
    */warm) echo "kept:$1" ;;
    */root/cold) echo "kept:$1" ;;
    *) echo changed ;;
  esac
}

# The same content again, whose image is gone: BuildKit's cache gives the very image that was there,
# inspected and tested; the others have no layers left and make another image.
expected_of_return() {
  case "$kind" in
    docker-buildkit) echo "built:parent built:child" ;;
    *) echo "$below" ;;
  esac
}

expected_of_removal() {
  echo "kept:child"
  [ "$kind" = docker-buildkit ] ||
    echo "another-image:child inspected:child tested:child.helper tested:child.runs"
}

# The files of an image that went away are there again, and nothing was built, inspected or tested
# for them: Ninja notices some, the scan the others.
come_back() { # FILES of child
  local file seen
  (cd "$images/child/$arch" && rm "$@")
  make_all
  for file in "$@"; do
    [ -s "$images/child/$arch/$file" ] || fail "'$file' did not come back"
  done
  seen="$(seen_in "$world/ninja.log")"
  [ -z "$seen" ] || [ "$seen" = reused:child ] || fail "for '$*' ran: $seen"
}

run_removals() {
  local file made="image.json identity tags.txt manifest.md history.md"
  local declared="key config inspection.json tests.key tests/runs.json"
  if [ "$kind" = docker-buildkit ]; then
    for file in $made $declared; do
      come_back "$file"
    done
  fi
  # shellcheck disable=SC2086 # words
  come_back $made
  # shellcheck disable=SC2086 # words
  come_back $made $declared
}

# The parent's ENV takes an argument in: podman and buildah, whose caches do not see arguments, are
# given none for it, and a folder that COPY makes has the time of its build.
same_parent() {
  case "$kind" in
    podman | buildah) next_second && echo "$below" ;;
    *) echo "kept:parent" ;;
  esac
}

rebuilt() { # IMAGE warm|cold WHAT-IF-CHANGED
  local expected
  expected="$(expected_of_rebuild "$1" "$2")"
  [ "$expected" != changed ] || expected="$3"
  local cache=()
  [ "$2" = warm ] || { cache=(--no-cache) && next_second; }
  edit "$1 rebuilt, cache $2" "$expected" by_hand --force "${cache[@]}" "$1"
}

run_file_edits() {
  local dockerfile="$world/src/images/parent/Dockerfile"
  edit "nothing" ""
  grep -qF "Scanning stack" "$world/ninja.log" || fail "a no-op is not one scan"
  grep -qvE "^ninja: Entering|^\[[0-9/]+\] Scanning stack" "$world/ninja.log" && {
    fail "a no-op says more than that it scanned"
    show_file "$world/ninja.log"
  }
  edit "content" "$below" eval 'echo more >>"$content/file"'
  next_second
  edit "content back" "$(expected_of_return)" \
    eval 'echo one >"$content/file"'
  edit "mtime only" "" touch "$content/file"
  edit "new file" "$below" eval 'echo new >"$content/new"'
  edit "deleted file" "$below" rm "$content/folder/gone"
  edit "ignored file edited" "" eval 'echo more >>"$world/src/images/parent/noise.log"'
  edit "file that nothing reads" "" eval 'echo new >"$world/src/images/parent/unread"'
  edit "new ignored file" "" eval 'echo new >"$world/src/images/parent/new.log"'
  edit "odd names" "$below" add_odd_names
  edit "odd name edited" "$below" eval 'echo more >>"$content/"$'"'with\nnewline'"
  edit "mode" "$below" chmod 0755 "$content/file"
  edit "empty folder" "$below" mkdir "$content/empty"
  edit "symlink elsewhere" "$below" ln -sfn new "$content/link"
  edit "same size and mtime" "$below" same_size_and_mtime
  edit "ignore file" "$below" eval 'echo "**/*.log" >>"$world/src/images/parent/.dockerignore"'
  edit "comment, recipe in the context" "" sed -i '1i # said' "$dockerfile"
  edit "recipe out of the context" "" \
    eval 'echo Dockerfile >>"$world/src/images/parent/.dockerignore"'
  edit "Dockerfile comment" "" sed -i '1i # said' "$dockerfile"
  edit "default of an unneeded stage" "" sed -i 's/SPARE=1/SPARE=2/' "$dockerfile"
  edit "Dockerfile instruction" "$below" eval 'echo "LABEL a=b" >>"$dockerfile"'
  edit "build argument" "$below" configure "$build" -DGREETING=hello
}

run_engine_edits() {
  edit "test helper" "tested:child.helper" eval 'echo : >>"$world/src/tests/helper.sh"'
  edit "unrelated image" "$(whole other)" \
    sed -i 's/a=a/a=b/' "$world/src/images/other/Dockerfile"
  edit "probe" "inspected:child inspected:other" edit_probe
  edit "hand-made retag" "renamed:child" retag
  edit "removed by name" "renamed:parent" remove_by_name
  edit "removed by ID" "$(expected_of_removal | xargs)" remove_by_id
  edit "edited between scan and build" "$below" edit_between
  rebuilt parent warm "$below"
  rebuilt parent cold "$below"
  rebuilt root cold "built:root $below"
  rebuilt other warm "$(whole other)"
  rebuilt other cold "$(whole other)"
  edit "step added" "$(whole other)" add_step
  rebuilt other warm "$(whole other)"
}

run_edits() {
  below="$(whole parent child)"
  run_file_edits
  run_engine_edits
  run_removals
  edit "nothing at last" ""
}
