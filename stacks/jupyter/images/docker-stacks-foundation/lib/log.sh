# shellcheck shell=bash
# Log lines of the start scripts, all on stderr: "LEVEL: source: text".
# JUPYTER_DOCKER_STACKS_QUIET (not empty): only warnings and errors.
# JUPYTER_DOCKER_STACKS_LOG_LEVEL: debug, info (default), warning or error.
# Coloured on a terminal unless NO_COLOR is set. Meant to be sourced.

_log_rank() {
    case "${1,,}" in
        debug) echo 0 ;;
        info) echo 1 ;;
        warning) echo 2 ;;
        error) echo 3 ;;
        *) echo 1 ;;
    esac
}

_log() {
    local level=$1 colour=$2 text=$3 least=${JUPYTER_DOCKER_STACKS_LOG_LEVEL:-info}
    if [[ -n "${JUPYTER_DOCKER_STACKS_QUIET:-}" ]]; then
        least=warning
    fi
    if (($(_log_rank "$level") < $(_log_rank "$least"))); then
        return 0
    fi
    local source=${LOG_SOURCE:-${0##*/}}
    if [[ -t 2 && -z "${NO_COLOR:-}" ]]; then
        printf '\e[%sm%s\e[0m: %s: %s\n' "$colour" "$level" "$source" "$text" >&2
    else
        printf '%s: %s: %s\n' "$level" "$source" "$text" >&2
    fi
}

log_debug() { _log DEBUG 2 "$*"; }
log_info() { _log INFO 32 "$*"; }
log_warning() { _log WARNING 33 "$*"; }
log_error() { _log ERROR 31 "$*"; }

# log_fatal TEXT: says why and ends the process.
log_fatal() {
    log_error "$*"
    exit 1
}
