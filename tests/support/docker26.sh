#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# docker26.sh DIR: docker 26 with buildx from Debian 13's packages, unpacked under DIR and never
# installed; see unpack_debian.sh, whose exit status it has.
set -Eeuo pipefail

dir="$(realpath -m "$1")"
"$(dirname "${BASH_SOURCE[0]}")/unpack_debian.sh" "$dir" trixie \
  docker.io docker-cli docker-buildx containerd
# A plugin is found by DOCKER_CONFIG.
mkdir -p "$dir/config/cli-plugins"
ln -sf ../../root/usr/libexec/docker/cli-plugins/docker-buildx "$dir/config/cli-plugins/"
