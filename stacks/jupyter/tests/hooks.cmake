# run-hooks.sh and the hooks of the start script.
add_docker_test(
  hooks-without-a-folder
  IMAGE docker-stacks-foundation
  COMMAND run-hooks.sh
  EXPECT_EXIT 2
  EXPECT_STDERR "ERROR: run-hooks\\.sh: expected one directory of hooks, got 0 arguments"
)
add_docker_test(
  hooks-two-folders
  IMAGE docker-stacks-foundation
  COMMAND run-hooks.sh /tmp /srv
  EXPECT_EXIT 2
  EXPECT_STDERR "got 2 arguments"
)
add_docker_test(
  hooks-missing-folder
  IMAGE docker-stacks-foundation
  COMMAND run-hooks.sh /nowhere
  EXPECT_EXIT 1
  EXPECT_STDERR "'/nowhere' is not a directory of hooks"
)
add_docker_test(
  hooks-empty-folder
  IMAGE docker-stacks-foundation
  COMMAND run-hooks.sh /srv
  NO_WARNINGS
)
foreach(
  case
  IN
  ITEMS sourced executed ignored failing ordered
)
  add_docker_test(
    hooks-${case}
    IMAGE docker-stacks-foundation
    SCRIPT tests/units/foundation/hooks_${case}.sh
    INTERPRETER bash
  )
endforeach()
foreach(case IN ITEMS start_notebook before_notebook)
  string(REPLACE _ - name "${case}")
  add_docker_test(
    hooks-${name}
    IMAGE docker-stacks-foundation
    SCRIPT tests/units/foundation/hooks_${case}.sh
    INTERPRETER bash
    USER root
    ENTRYPOINT ""
  )
endforeach()
