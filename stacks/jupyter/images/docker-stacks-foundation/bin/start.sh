#!/bin/bash
# start.sh [COMMAND...]: prepares user, home and environment as the NB_* variables ask for, runs
# the hooks and becomes COMMAND (bash when there is none). The entry point of every image here.
set -euo pipefail

# shellcheck disable=SC2034 # read by log.sh
LOG_SOURCE=start.sh
# shellcheck source=/dev/null
source /usr/local/lib/stack/log.sh
# shellcheck source=/dev/null
source /usr/local/lib/stack/hooks.sh
# shellcheck source=/dev/null
source /usr/local/lib/stack/user.sh

if (($# == 0)); then
    set -- bash
fi

# Names separated by commas. Done twice, because hooks may set variables again.
unset_variables() {
    local name
    for name in ${JUPYTER_ENV_VARS_TO_UNSET//,/ }; do
        unset "$name"
    done
}

if [[ -z "${JUPYTER_ENV_VARS_TO_UNSET:-}" ]]; then
    JUPYTER_ENV_VARS_TO_UNSET=""
fi

unset_variables
run_hooks /usr/local/bin/start-notebook.d

become=()
if (($(id -u) == 0)); then
    prepare_user
    run_hooks /usr/local/bin/before-notebook.d
    if ((NB_UID != 0)); then
        # Not sudo: no process in between, and the environment goes over as it is.
        become=(setpriv --reuid "$NB_UID" --regid "$NB_GID" --init-groups --)
    fi
else
    name_arbitrary_user
    warn_without_root
    run_hooks /usr/local/bin/before-notebook.d
fi

if [[ -n "${NB_UMASK:-}" ]]; then
    umask "$NB_UMASK" || log_fatal "NB_UMASK: expected an octal mask such as 0022, got '$NB_UMASK'"
fi

unset_variables
unset JUPYTER_ENV_VARS_TO_UNSET
log_info "running as $NB_USER: $*"
exec "${become[@]}" "$@"
