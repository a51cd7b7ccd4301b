#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# unpack_debian.sh DIR SUITE PACKAGE...: Debian packages of that suite, unpacked under DIR/root and
# never installed, without what they depend on. The machine's own apt settings, lists and packages
# stay as they are. Done once: a DIR/root is taken as it is.
# Exit status 77: the packages are not to be had.
set -Eeuo pipefail

dir="$(realpath -m "$1")"
suite="$2"
shift 2

not_here() {
  echo "unpack_debian.sh: these packages of Debian's $suite are not to be had: $wanted" >&2
  [ "${CAIRN_REQUIRE_E2E:-0}" = 1 ] && exit 1
  exit 77
}
wanted="$*"
trap not_here ERR

[ ! -d "$dir/root" ] || exit 0
mirror="${CAIRN_DEBIAN_MIRROR:-http://deb.debian.org/debian}"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
rm -rf -- "$dir/unpacked"
mkdir -p "$dir"/{etc/parts,etc/preferences.d,state/lists/partial,cache/archives/partial,debs}
: >"$dir/state/status"
echo "deb [signed-by=$keyring] $mirror $suite main" >"$dir/etc/sources.list"
cat >"$dir/apt.conf" <<EOF
Dir::Etc "$dir/etc";
Dir::Etc::sourcelist "$dir/etc/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::parts "$dir/etc/parts";
Dir::State "$dir/state";
Dir::State::status "$dir/state/status";
Dir::Cache "$dir/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
# Signatures count; how old a mirror is does not.
Acquire::Check-Valid-Until "false";
EOF
export APT_CONFIG="$dir/apt.conf"
apt-get update -qq
cd "$dir/debs"
apt-get download -qq "$@"
for package in *.deb; do dpkg-deb -x "$package" "$dir/unpacked"; done
rm -rf -- "$dir/debs" "$dir/cache" "$dir/state"
mv "$dir/unpacked" "$dir/root"
