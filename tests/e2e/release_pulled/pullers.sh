#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# pullers.sh DIR: oras and crane of Debian, unpacked in DIR/oras and DIR/crane. One that is not to
# be had or does not start here is told of and is not there; that is no failure of Cairn's.
set -u
here="$(dirname "${BASH_SOURCE[0]}")"

unpack() { # PROGRAM SUITE
  local program="$dir/$1/root/usr/bin/$1"
  CAIRN_REQUIRE_E2E=0 timeout 120 "$here/../../support/unpack_debian.sh" "$dir/$1" "$2" "$1"
  [ -x "$program" ] && "$program" version && return
  echo "$1 of Debian's $2 is not to be had or does not start: nothing is pulled by it"
  rm -rf -- "${dir:?}/$1"
}

dir="$1"
unpack oras trixie
unpack crane forky # in no Debian before 14
exit 0
