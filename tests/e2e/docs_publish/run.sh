#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh KIND: does what docs/guides/publish.md says, in a git repository that holds the project of
# the guide for C++ projects, and with a registry of its own for registry.example:5000.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/registry.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/registry.sh"
open_world "$1"
start_registry "$world/registry"
guides="$support/../../docs/guides"
own=linux/amd64
[ "$arch" = x86_64 ] || own=linux/arm64

# Where Cairn, the engine and the registry are, the page does not say.
DOCKER_HOST="$(jq -r .url "$engine_file")"
export DOCKER_HOST DOCKER_CONFIG="$world/no-logins" XDG_STATE_HOME="$world/state"
export CMAKE_PREFIX_PATH="$world/prefix" CMAKE_GENERATOR=Ninja CTEST_OUTPUT_ON_FAILURE=1
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME="Jane Doe" GIT_AUTHOR_EMAIL=jane@example.org
export GIT_COMMITTER_NAME="Jane Doe" GIT_COMMITTER_EMAIL=jane@example.org
sed "s#registry\.example:5000#$registry#g; s#/srv/release#$world/layout#g
  /^\\$ /{ s#linux/amd64#$own#g; s#x86_64#$arch#g }" "$guides/publish.md" >"$world/publish.md"

cp -R "$guides/cpp-project" "$world/work"
cd "$world/work" || exit 1
printf '%s\n' build records '*.tar' >.gitignore
must git init --quiet
must git add --all
must git commit --quiet --message "Relay lines"
must python3 -B "$support/run_page.py" "$world/publish.md" "$world/work"
finish
