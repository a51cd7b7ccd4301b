# shellcheck shell=bash
# run_hooks DIR: runs what is in DIR, in the order of the names. A *.sh is sourced, so that what it
# exports reaches the command of the container; another executable file is run. A hook that fails is
# reported and the start goes on. Meant to be sourced, after log.sh.

_run_hook() {
    local options status=0
    case "$1" in
        *.sh)
            log_info "sourcing hook '$1'"
            # A hook must not change how the start script itself treats errors.
            options=$(set +o)
            # shellcheck disable=SC1090
            source "$1" || status=$?
            eval "$options"
            ;;
        *)
            if [[ ! -x "$1" ]]; then
                log_warning "hook '$1' is neither executable nor a *.sh: ignored"
                return 0
            fi
            log_info "running hook '$1'"
            "$1" || status=$?
            ;;
    esac
    if ((status != 0)); then
        log_error "hook '$1' failed with status $status: going on"
    fi
}

run_hooks() {
    if (($# != 1)); then
        log_error "expected one directory of hooks, got $# arguments"
        return 2
    fi
    if [[ ! -d "$1" ]]; then
        log_error "'$1' is not a directory of hooks"
        return 1
    fi
    local hook
    for hook in "$1"/*; do
        if [[ -f "$hook" ]]; then
            _run_hook "$hook"
        fi
    done
}
