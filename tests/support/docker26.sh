#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# docker26.sh DIR: docker 26 with buildx from Debian 13's packages, unpacked under DIR and never
# installed. The machine's own apt settings, lists and packages stay as they are.
# Exit status 77: the packages are not to be had.
set -Eeuo pipefail

not_here() {
  echo "docker26.sh: Debian 13's packages of docker are not to be had" >&2
  [ "${CAIRN_REQUIRE_E2E:-0}" = 1 ] && exit 1
  exit 77
}
trap not_here ERR

dir="$(realpath -m "$1")"
[ -x "$dir/root/usr/sbin/dockerd" ] && exit 0
mirror="${CAIRN_DEBIAN_MIRROR:-http://deb.debian.org/debian}"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
rm -rf -- "$dir/unpacked"
mkdir -p "$dir"/{etc/parts,state/lists/partial,cache/archives/partial,debs,config/cli-plugins}
: >"$dir/state/status"
echo "deb [signed-by=$keyring] $mirror trixie main" >"$dir/etc/sources.list"
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
EOF
export APT_CONFIG="$dir/apt.conf"
apt-get update -qq
cd "$dir/debs"
apt-get download -qq docker.io docker-cli docker-buildx containerd
for package in *.deb; do dpkg-deb -x "$package" "$dir/unpacked"; done
# A plugin is found by DOCKER_CONFIG.
ln -sf ../../root/usr/libexec/docker/cli-plugins/docker-buildx "$dir/config/cli-plugins/"
rm -rf -- "$dir/debs" "$dir/cache" "$dir/state"
mv "$dir/unpacked" "$dir/root"
