# Tests of docker-stacks-foundation, and so of every image of the stack.
set(units "${CMAKE_CURRENT_SOURCE_DIR}/tests/units/foundation")

# --- log lines of the start scripts -------------------------------------------------------------
add_docker_test(
  log-format
  IMAGE docker-stacks-foundation
  COMMAND true
  NO_WARNINGS
  EXPECT_STDERR "INFO: start\\.sh: running as jovyan: true\n"
)
add_docker_test(
  log-leaves-stdout-alone
  IMAGE docker-stacks-foundation
  COMMAND echo granite
  EXPECT_STDOUT "^granite\n$"
)
add_docker_test(
  log-quiet
  IMAGE docker-stacks-foundation
  COMMAND echo granite
  ENVIRONMENT JUPYTER_DOCKER_STACKS_QUIET=1
  EXPECT_STDOUT "^granite\n$"
  REJECT_STDERR .
)
add_docker_test(
  log-quiet-still-warns
  IMAGE docker-stacks-foundation
  COMMAND true
  ENVIRONMENT JUPYTER_DOCKER_STACKS_QUIET=1 NB_USER=someone
  EXPECT_STDERR "WARNING: start\\.sh: NB_USER=someone needs a container started as root"
  REJECT_STDERR INFO
)
add_docker_test(
  log-level-error
  IMAGE docker-stacks-foundation
  COMMAND true
  ENVIRONMENT JUPYTER_DOCKER_STACKS_LOG_LEVEL=error NB_USER=someone
  REJECT_STDERR .
)
add_docker_test(
  log-colour-on-a-terminal
  IMAGE docker-stacks-foundation
  COMMAND true
  TTY
  EXPECT_STDOUT [[\x1b\[32mINFO\x1b\[0m: start\.sh]]
)
add_docker_test(
  log-no-colour
  IMAGE docker-stacks-foundation
  COMMAND true
  TTY
  ENVIRONMENT NO_COLOR=1
  EXPECT_STDOUT "INFO: start\\.sh"
  REJECT_STDOUT [[\x1b]]
)
add_docker_test(
  log-fatal
  IMAGE docker-stacks-foundation
  COMMAND echo unreachable
  ENVIRONMENT NB_UMASK=nonsense
  EXPECT_EXIT 1
  EXPECT_STDERR "ERROR: start\\.sh: NB_UMASK: expected an octal mask such as 0022, got 'nonsense'"
  REJECT_STDOUT unreachable
)

# --- start of a container ------------------------------------------------------------------------
add_docker_test(
  tini-is-pid-1
  IMAGE docker-stacks-foundation
  COMMAND cat /proc/1/comm
  EXPECT_STDOUT "^tini\n"
)
add_docker_test(
  exit-status-is-handed-on
  IMAGE docker-stacks-foundation
  COMMAND sh -c "exit 7"
  EXPECT_EXIT 7
)
add_docker_test(
  no-process-in-between
  IMAGE docker-stacks-foundation
  SCRIPT tests/units/foundation/process_tree.py
  INTERPRETER python3
  USER root
  ENTRYPOINT ""
)
add_docker_test(
  structure
  IMAGE docker-stacks-foundation
  STRUCTURE tests/docker-stacks-foundation.yaml
)
add_docker_test(
  locale
  IMAGE docker-stacks-foundation
  COMMAND python -c "import locale, sys; print(locale.getpreferredencoding(), sys.stdout.encoding)"
  EXPECT_STDOUT "^UTF-8 utf-8\n"
)
add_docker_test(
  nothing-left-behind
  IMAGE docker-stacks-foundation
  SCRIPT tests/units/foundation/leftovers.sh
  INTERPRETER bash
)

# --- package managers and Python -----------------------------------------------------------------
add_docker_test(
  apt
  IMAGE docker-stacks-foundation
  COMMAND apt-get --version
  EXPECT_STDOUT "^apt [0-9.]+"
)
add_docker_test(
  dpkg-audit
  IMAGE docker-stacks-foundation
  COMMAND dpkg --audit
  REJECT_STDOUT .
)
add_docker_test(
  pip
  IMAGE docker-stacks-foundation
  COMMAND pip --version
  EXPECT_STDOUT "^pip [0-9.]+ from /opt/venv/"
)
add_docker_test(
  pip-check
  IMAGE docker-stacks-foundation
  COMMAND pip check
  EXPECT_STDOUT "No broken requirements found"
)
add_docker_test(
  python-version
  IMAGE docker-stacks-foundation
  COMMAND python --version
  EXPECT_STDOUT "^Python 3\\.[0-9]+\\.[0-9]+\n$"
)
add_docker_test(
  python-of-the-environment
  IMAGE docker-stacks-foundation
  COMMAND python -c "import sys; print(sys.prefix)"
  EXPECT_STDOUT "^/opt/venv\n"
)
add_docker_test(
  packages-as-pinned
  IMAGE docker-stacks-foundation
  SCRIPT tests/units/foundation/pinned.py
  INTERPRETER python
)
add_docker_test(
  packages-import
  IMAGE docker-stacks-foundation
  SCRIPT tests/units/foundation/imports.py
  INTERPRETER python
)
add_docker_test(
  packages-compiled
  IMAGE docker-stacks-foundation
  SCRIPT tests/units/foundation/compiled.py
  INTERPRETER python
)
add_docker_test(
  environment-is-the-users
  IMAGE docker-stacks-foundation
  SCRIPT tests/units/foundation/own_package.sh
  INTERPRETER bash
)
add_docker_test(
  fix-permissions
  IMAGE docker-stacks-foundation
  SCRIPT tests/units/foundation/fix_permissions.sh
  INTERPRETER bash
)

# Which of the requested packages have a newer version. A report: it depends on the day.
set(outdated_flags "")
if(EXISTS "/etc/ssl/certs/ca-certificates.crt")
  set(
    outdated_flags
    ENVIRONMENT
    PIP_CERT=/run/host-ca.crt
    RUN_FLAGS
    --volume=/etc/ssl/certs/ca-certificates.crt:/run/host-ca.crt:ro
  )
endif()
add_docker_test(
  outdated
  IMAGE docker-stacks-foundation
  REPORT
  SCRIPT tests/units/foundation/outdated.py
  INTERPRETER python
  NETWORK host
  ${outdated_flags}
)

include(tests/hooks.cmake)
include(tests/users.cmake)
