#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# shellcheck disable=SC2317 # called by name
# run.sh KIND: one edit after another on a small family; for each, what ran against what should.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/e2e/edit_matrix/family.sh
. "$(dirname "${BASH_SOURCE[0]}")/family.sh"
open_world "$1"
build="$world/build"
images="$build/cairn/images"
content="$world/src/images/parent/content"
make_family
must configure "$build"

# What ran is read from ninja's own lines and the tool's: an edge that only found a known record
# says nothing but ninja's line. That an image is a new one is checked by its config digest.
seen_in() { # LOG
  sed -nE \
    -e "s/^cairn: built '([a-z]+)' in .*: same content, kept\$/kept:\1/p;t" \
    -e "s/^cairn: built '([a-z]+)' in .*/built:\1/p;t" \
    -e "s/^\[[0-9]+\/[0-9]+\] Building image ([a-z]+) .*/edge:\1/p;t" \
    -e "s/^([a-z]+): inspected by .*/inspected:\1/p;t" \
    -e "s/^passed +([a-z]+): ([a-z]+) .*/tested:\1.\2/p;t" \
    -e "s/^cairn: '.*\/([a-z]+):[^']*' named another image.*/renamed:\1/p;t" \
    -e "s/^(FAILED|failed|ninja: build stopped).*/failed/p" "$1" | sort -u |
    awk -F: '
      $1 == "edge" { edges[$2] = 1; next }
      { print; if ($1 == "built" || $1 == "kept") done[$2] = 1 }
      END { for (name in edges) if (!done[name]) print "reused:" name }' | sort | xargs
}

digests() {
  local name
  for name in root parent child other; do
    echo "$name $(cat "$images/$name/$arch/config" 2>/dev/null)"
  done
}

make_all() { # everything the family has: images, inspections, tests
  ninja -C "$build" images images-test >"$world/ninja.log" 2>&1 || echo failed >>"$world/ninja.log"
}

whole() { # IMAGES...: everything of an image whose content changed
  local name
  for name in "$@"; do
    echo "built:$name"
    case "$name" in
      child) echo "inspected:child tested:child.helper tested:child.runs" ;;
      other) echo "inspected:other" ;;
    esac
  done
}

# A rebuild gives a new image exactly where 'built' is said.
check_digests() { # BEFORE AFTER SEEN
  local name changed
  for name in root parent child other; do
    changed=no
    [ "$(grep "^$name " <<<"$1")" = "$(grep "^$name " <<<"$2")" ] || changed=yes
    case " $3 " in
      *" built:$name "*) [ $changed = yes ] || echo "same-image:$name" ;;
      *) [ $changed = no ] || echo "another-image:$name" ;;
    esac
  done
}

short() { # the commonest words of the table
  sed -E -e 's/inspected:child tested:child.helper tested:child.runs/child-steps/g' \
    -e 's/built:child built:parent child-steps/below/g'
}

judge() { # EDIT EXPECTED SEEN
  local ok=yes expected
  expected="$(tr ' ' '\n' <<<"$2" | sed '/^$/d' | sort | xargs)"
  [ "$expected" = "$3" ] || ok=NO
  printf '%-32s | %s | %s | %s\n' "$1" "${expected:-nothing}" "${3:-nothing}" "$ok" |
    short | tee -a "$world/table"
  [ $ok = yes ] && return 0
  failures=$((failures + 1))
  show_file "$world/ninja.log"
}

edit() { # NAME EXPECTED COMMAND...: edits, builds, compares
  local name="$1" expected="$2" before seen odd
  shift 2
  : >"$world/hand.log"
  before="$(digests)"
  "$@" >>"$world/hand.log" 2>&1 || { fail "$name: the edit itself"; show_file "$world/hand.log"; }
  make_all
  cat "$world/hand.log" >>"$world/ninja.log"
  seen="$(seen_in "$world/ninja.log")"
  odd="$(check_digests "$before" "$(digests)" "$seen" | xargs)"
  judge "$name" "$expected" "$(tr ' ' '\n' <<<"$seen $odd" | sed '/^$/d' | sort | xargs)"
}

by_hand() { # ARGUMENTS of cairn build
  cairn build -C "$build" "$@"
}

# shellcheck source=tests/e2e/edit_matrix/edits.sh
. "$(dirname "${BASH_SOURCE[0]}")/edits.sh"

make_all
everything="$(whole root parent child other | xargs -n1 | sort | xargs)"
[ "$(seen_in "$world/ninja.log")" = "$everything" ] || {
  show_file "$world/ninja.log"
  fail "the first build"
}
printf '%-32s | %s | %s | %s\n' edit expected seen ok
run_edits
[ "$(grep -c '| yes$' "$world/table")" -ge 33 ] || fail "the table is short"
finish
