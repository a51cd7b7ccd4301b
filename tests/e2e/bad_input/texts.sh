# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# shellcheck disable=SC2154,SC2016 # run.sh has the variables; 'eval' expands
# What each bad image says, word for word.
check_texts() {
  local recipe="@/src/images"
  expect_text "cairn: error: $recipe/syntax/Dockerfile:2:1: unknown instruction 'COPPY'; \
did you mean 'COPY'?
COPPY probe /probe
^" "a syntax error"
  [ "$(grep -c COPPY "$world/out")" = 2 ] || fail "a syntax error is said by its own image alone"
  expect_text "cairn: error: $recipe/hidden/Dockerfile:2: COPY takes 'wanted', but the context \
'$recipe/hidden' leaves it out by its ignore rules
cairn: hint: add the line '!wanted' to .dockerignore" "a COPY of what the ignore file hides"
  expect_text "cairn: error: context '$recipe/fifo' holds 'pipe', which is no file, folder or \
link: engines do not agree on what to do with it
cairn: hint: leave it out: add the line 'pipe' to .dockerignore" "a FIFO"
  expect_text "cairn: error: 'locked' in context '$recipe/unreadable' cannot be read: \
Permission denied
cairn: hint: leave it out: add the line 'locked' to .dockerignore" "an unreadable file"
  expect_text "cairn: error: $recipe/orphan/Dockerfile:1: FROM gives '$front/good', \
PARENTS is not given; write PARENTS good" "a parent without PARENTS"
  expect_text "cairn: error: $recipe/disagrees/Dockerfile:1: FROM gives '$front/victim', \
PARENTS says 'good'; write PARENTS victim" "PARENTS against FROM"
  expect_text "cairn: error: $recipe/argument/Dockerfile: no stage that 'argument' needs declares \
the argument 'VERSON'
cairn: hint: did you mean 'VERSION'?" "an argument nobody declares"
  check_architecture_text
  expect_text "cairn: error: probe 'silent' printed nothing: /probe print ''
cairn: hint: a probe prints a version; try its command in the image: cairn shell" "a silent probe"
  expect_text "cairn: error: probe 'failing' failed with status 3: /probe exit 3
cairn: hint: try the command in the image: cairn shell" "a failing probe"
  expect_text "cairn: error: probe 'odd' gives the invalid tag 'odd-1.2.3+x': /probe print 1.2.3+x
cairn: hint: a tag has letters, digits, '_', '.' and '-', at most 128; cut the version with MATCH" \
    "an invalid tag"
  expect_text "cairn: error: probes 'one' and 'two' give the same tag 'same-1.0'
cairn: hint: put a name in front: TAGS two-{version}" "one tag of two probes"
  [ "$legacy" = ON ] && return 0
  expect_text "cairn: error: secret 'token' of 'secretive': no file '@/src/token'
cairn: hint: make the file, or take the secret out of SECRETS" "a secret that is not there"
}

check_architecture_text() {
  local own=amd64 other=arm64
  [ "$(uname -m)" = x86_64 ] || { own=arm64 && other=amd64; }
  expect_text "cairn: error: 'app/bin/elf' is built for $other, but image 'foreign' is \
for linux/$own
cairn: hint: build it with a toolchain for $own, or take that platform out of CAIRN_PLATFORMS" \
    "an ELF of another architecture"
}
