#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh KIND: three edits (a file, a build argument, a parent), and what is answered after each.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/e2e/questions/family.sh
. "$(dirname "${BASH_SOURCE[0]}")/family.sh"
open_world "$1"
build="$world/build"
source="$world/src"
make_family
must configure "$build"
must ninja -C "$build" images images-test

# Commits, moments and durations differ from run to run, and with them the width of a column.
plain() {
  sed -E -e "s|$world|@|g" -e 's/\b[0-9a-f]{10} 2026/HASH 2026/g' \
    -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/WHEN/g' \
    -e 's/ +([0-9]+ min )?[0-9]+(\.[0-9])? s\b/ TIME/g'
}

answers() { # VERB ARGUMENTS...; the whole answer on stdin
  local expected seen status=0
  expected="$(cat)"
  seen="$(cairn "$1" -C "$build" "${@:2}" 2>&1)" || status=$?
  seen="$(plain <<<"$seen")"
  [ "$status" -eq 0 ] && [ "$seen" = "$expected" ] && return 0
  fail "cairn $* (exit status $status)"
  diff <(echo "$expected") <(echo "$seen") | sed 's/^/  | /' >&2
}

make_all() {
  must ninja -C "$build" images images-test
  answers plan <<<"$stack: nothing to do: 4 images are fresh, inspected and tested"
}

make_all
answers affected --since HEAD <<'END'
since HASH 2026-03-01 Jane Doe: Begin
0 paths changed; nothing to compare
0 of 4 images, 0 tests
END

# 1. A file.
echo two >"$source/images/parent/content/file"
answers why parent <<'END'
parent is stale
  <- file content/file changed
    <- images/parent/content/file: not committed; before: HASH 2026-03-01 Jane Doe: Begin
END
answers why child <<'END'
child is built again if its parent comes out different
  <- parent is stale
    <- file content/file changed
      <- images/parent/content/file: not committed; before: HASH 2026-03-01 Jane Doe: Begin
END
answers plan <<'END'
build      parent TIME  file content/file changed
inspect    parent TIME  after its build
(build)    child TIME  if parent changes
(inspect)  child TIME  after its build
(test)     child TIME  runs: after its build
expected: TIME in all, TIME along the longest path (parent -> child)
(in brackets: only if a parent comes out different)
END
answers affected --since HEAD <<'END'
since HASH 2026-03-01 Jane Doe: Begin
1 path changed; both trees were configured and compared
build    parent  0 tests   file content/file changed
build    child   1 test    its parent parent
2 of 4 images, 1 test
END
answers graph <<'END'
root: fresh
└─ parent: stale
   └─ child: fresh
other: fresh
END
commit "Say two"
make_all

# 2. A build argument.
sed -i 's/GREETING=hi/GREETING=hello/' "$source/CMakeLists.txt"
commit "Say hello"
must cmake "$build"
answers why parent <<'END'
parent is stale
  <- argument GREETING: hi -> hello
    <- declared in CMakeLists.txt: commit HASH 2026-03-01 Jane Doe: Say hello
END
answers plan <<'END'
build      parent TIME  argument GREETING: hi -> hello
inspect    parent TIME  after its build
(build)    child TIME  if parent changes
(inspect)  child TIME  after its build
(test)     child TIME  runs: after its build
expected: TIME in all, TIME along the longest path (parent -> child)
(in brackets: only if a parent comes out different)
END
answers affected --since HEAD~1 <<'END'
since HASH 2026-03-01 Jane Doe: Say two
1 path changed; both trees were configured and compared
build    parent  0 tests   argument GREETING: hi -> hello
build    child   1 test    its parent parent
2 of 4 images, 1 test
END
make_all

# 3. A parent, built by hand: its child was made from another one.
echo "LABEL kind=root" >>"$source/images/root/Dockerfile"
commit "Label root"
must cairn build root -C "$build"
answers why child <<'END'
child is built again if its parent comes out different
  <- parent is stale
    <- parent root was built anew, WHEN
      <- Dockerfile: stage 0 changed
        <- images/root/Dockerfile: commit HASH 2026-03-01 Jane Doe: Label root
END
answers plan child <<'END'
inspect    root TIME  not inspected yet
build      parent TIME  parent root was built anew
inspect    parent TIME  after its build
(build)    child TIME  if parent changes
(inspect)  child TIME  after its build
(test)     child TIME  runs: after its build
expected: TIME in all, TIME along the longest path (parent -> child)
(in brackets: only if a parent comes out different)
END
answers affected --since HEAD~1 <<'END'
since HASH 2026-03-01 Jane Doe: Say hello
1 path changed; both trees were configured and compared
build    root    0 tests   Dockerfile: stage 0 changed
build    parent  0 tests   its parent root
build    child   1 test    its parent parent
3 of 4 images, 1 test
END
answers graph <<'END'
root: fresh
└─ parent: stale
   └─ child: fresh
other: fresh
END
make_all

# What a change to a CMake file means is what it changes; test inputs reach tests alone; files that
# came, went and moved count; what nothing reads reaches nothing.
sed -i '1i # said' "$source/CMakeLists.txt"
echo : >>"$source/tests/helper.sh"
git -C "$source" mv images/parent/content/moved images/parent/content/here
echo new >"$source/images/other/unread"
echo unread >>"$source/images/other/.dockerignore"
echo new >"$source/notes"
answers affected --since HEAD <<'END'
since HASH 2026-03-01 Jane Doe: Label root
6 paths changed; both trees were configured and compared
build    parent  0 tests   file content/here is new; file content/moved is gone
build    child   1 test    its parent parent
test     other   1 test    test helper: what it reads changed
3 of 4 images, 2 tests
END
[ "$(cairn affected --since HEAD -C "$build" --targets | xargs)" = \
  "parent child child-test other-test" ] || fail "affected --targets"
commit "Many things"

# An ignore file takes out what is the same in both trees.
echo content/here >>"$source/images/parent/.dockerignore"
answers affected --since HEAD <<'END'
since HASH 2026-03-01 Jane Doe: Many things
1 path changed; both trees were configured and compared
build    parent  0 tests   file content/here is gone
build    child   1 test    its parent parent
2 of 4 images, 1 test
END
must git -C "$source" checkout --quiet .

# A revision that cannot be configured.
because="since the old tree cannot be configured: CMake Error at CMakeLists.txt:5 (include):"
because+=" include could not find requested file: local.cmake"
sed -i 's/local.cmake OPTIONAL/local.cmake/' "$source/CMakeLists.txt"
commit "Include what only this folder has"
echo "# nothing" >"$source/local.cmake"
echo three >"$source/images/child/own"
answers affected --since HEAD <<END
since HASH 2026-03-01 Jane Doe: Include what only this folder has
1 path changed; only files were compared, $because
build    child  1 test    file own changed
1 of 4 images, 1 test
END
echo "# another" >>"$source/CMakeLists.txt"
answers affected --since HEAD <<END
since HASH 2026-03-01 Jane Doe: Include what only this folder has
2 paths changed; everything counts, $because
build    root    0 tests   everything counts
build    parent  0 tests   everything counts
build    child   1 test    everything counts
build    other   1 test    everything counts
4 of 4 images, 2 tests
END
run cairn affected --since no-such -C "$build"
expect_status 1 "an unknown revision"
expect_text "cairn: error: 'no-such' is no commit of '@/src'
cairn: hint: name a branch, tag or commit that is here: git fetch --unshallow, or git fetch \
origin no-such" "an unknown revision"

# On a base that the stack does not make: what nothing takes reaches nothing, as far as the engine
# can say what the base takes.
must git -C "$source" checkout --quiet .
sed -i 's/local.cmake)/local.cmake OPTIONAL)/' "$source/CMakeLists.txt"
echo 'add_docker_image(based)' >>"$source/CMakeLists.txt"
printf 'FROM base.example/base:1\nCOPY own /own\n' | make_context based
echo mine >"$source/images/based/own"
echo notes >"$source/images/based/notes"
must engine tag "$(id_of "registry.example/$stack/root:latest")" base.example/base:1
commit "Stand on another"
echo more >>"$source/images/based/notes"
answers affected --since HEAD <<'END'
since HASH 2026-03-01 Jane Doe: Stand on another
1 path changed; both trees were configured and compared
0 of 5 images, 0 tests
END
must engine rmi base.example/base:1
doubt="in doubt, all files count: the ONBUILD triggers of the base are not known yet"
answers affected --since HEAD <<END
since HASH 2026-03-01 Jane Doe: Stand on another
1 path changed; both trees were configured and compared
build    based  0 tests   $doubt; file notes changed
1 of 5 images, 0 tests
END

# The targets say the same.
must ninja -C "$build" graph
grep -qF 'root: fresh' "$world/must.log" || { fail "target graph"; show_file "$world/must.log"; }
finish
