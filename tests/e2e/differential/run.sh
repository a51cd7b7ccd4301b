#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh KIND [ARGUMENTS of run.py]: random contexts, built by the engine itself and by what Cairn
# would give it. What arrives must be the same, and Cairn's digest must tell when it changes.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
open_world "$1"
shift
mkdir "$world/differential"
python3 "$(dirname "${BASH_SOURCE[0]}")/run.py" "$kind" "$engine_file" "$world/differential" "$@" ||
  fail "what arrived is not what Cairn said"
finish
