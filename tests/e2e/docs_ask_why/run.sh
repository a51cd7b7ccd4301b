#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# run.sh <page.md>: does what the page says in a git repository that holds stacks/jupyter,
# configured for a stand-in for docker (tests/support/stand_in_engine.py): nothing of the family is
# really built, so it takes seconds. CAIRN_BUILD is the build tree to install Cairn from.
set -euo pipefail
page=$1
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)

world=$(mktemp -d "${TMPDIR:-/var/tmp}/cairn-docs-XXXXXX")
trap 'rm -rf "$world"' EXIT
trap 'exit 130' INT TERM

# What the family's probes and sections ask for, as a container of it would answer.
answers() {
  mkdir -p "$world/engine/bin"
  local program text
  while IFS='|' read -r program text; do
    printf '#!/bin/sh\necho "%s"\n' "$text" >"$world/engine/bin/$program"
  done <<'END'
python|Python 3.11.2
pip|pip 23.0.1 from /usr/lib/python3/dist-packages/pip (python 3.11)
jupyter-notebook|7.2.2
jupyter-lab|4.2.5
jupyterhub|5.1.0
dpkg-query|base-files 12.4
END
  # The scripts that look into an image need the real one for all other files.
  cat >"$world/engine/bin/cat" <<'END'
#!/bin/sh
[ "$1" = /etc/debian_version ] && exec echo 12.11
exec /bin/cat "$@"
END
  chmod +x "$world"/engine/bin/*
}

start_engine() {
  echo "debian:12" >"$world/engine/base"
  python3 -B "$source/tests/support/stand_in_engine.py" make "$world/engine" $$ &
  local deadline=$((SECONDS + 60))
  until [ -s "$world/engine/engine.json" ]; do
    [ "$SECONDS" -lt "$deadline" ] || { echo "the stand-in for docker did not start" >&2; exit 1; }
    read -r -t 0.05 <> <(:) || true
  done
}

quietly() {
  "$@" >"$world/log" 2>&1 && return
  cat "$world/log" >&2
  exit 1
}

answers
start_engine
quietly cmake --install "$CAIRN_BUILD" --prefix "$world/prefix"
export PATH=$world/prefix/bin:$PATH XDG_RUNTIME_DIR=$world/locks
mkdir -m 0700 "$world/locks"
unset CMAKE_GENERATOR CMAKE_EXPORT_COMPILE_COMMANDS
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME="Jane Doe" GIT_AUTHOR_EMAIL=jane@example.org
export GIT_COMMITTER_NAME="Jane Doe" GIT_COMMITTER_EMAIL=jane@example.org
export GIT_AUTHOR_DATE=2026-03-01T12:00:00Z

cp -R "$source/stacks/jupyter" "$world/family"
cd "$world/family"
echo build >.gitignore
quietly git init --quiet
quietly git add --all
quietly git commit --quiet --message "Take the family over"
quietly cmake -G Ninja -B build -DCMAKE_PREFIX_PATH="$world/prefix" -DROOT_IMAGE=debian:12 \
  -DCAIRN_PLATFORMS=linux/amd64 -DCAIRN_ENGINE_FILE="$world/engine/engine.json" \
  -DCAIRN_STORE="$world/store" -DCAIRN_CA_BUNDLE=
quietly ninja -C build images
python3 -B "$source/tests/support/run_page.py" "$page" "$world/family"
