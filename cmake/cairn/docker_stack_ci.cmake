#[=======================================================================[.rst:
docker_stack_ci
---------------

Say how a stack is built and published by continuous integration.

.. versionadded:: 0.1

.. code-block:: cmake

  docker_stack_ci(<stack> [SCHEDULE <cron>] [PUBLISH_FROM <branch>...] [OWNERS <owner>...]
    [RUNNERS <platform>=<runner>...])

``SCHEDULE``
  When it runs without a change: the five fields of cron, as one word.
``PUBLISH_FROM``
  Branches whose builds are published; the others are built and tested only.
``OWNERS``
  Accounts that may publish; a fork of the project publishes nothing.
``RUNNERS``
  The kind of machine that builds a platform.

Target properties: none; the stack's description holds it as ``ci``.

Errors: there is no such stack; said twice; an invalid platform or schedule.

.. code-block:: cmake

  docker_stack_ci(jupyter SCHEDULE "0 3 * * 1" PUBLISH_FROM main OWNERS jupyter
    RUNNERS linux/amd64=ubuntu-24.04 linux/arm64=ubuntu-24.04-arm)
#]=======================================================================]
include_guard(GLOBAL)

function(docker_stack_ci)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments("stack" "" "SCHEDULE" "PUBLISH_FROM;OWNERS;RUNNERS" "")
  _cairn_require_stack("${arg_stack}")
  if("${arg_given}" STREQUAL "")
    _cairn_fail_usage("nothing is said")
  endif()
  _cairn_default(SCHEDULE "")
  set(field "[0-9A-Za-z*/,-]+")
  if(NOT "${arg_SCHEDULE}" MATCHES "^(${field} ${field} ${field} ${field} ${field})?$")
    _cairn_fail(
      "invalid schedule '${arg_SCHEDULE}'"
      "Expected five fields as one word: SCHEDULE \"0 3 * * 1\""
    )
  endif()
  set(runners "")
  if(DEFINED arg_RUNNERS)
    foreach(pair IN LISTS arg_RUNNERS)
      if(NOT pair MATCHES "^([^=]+)=(.+)$")
        _cairn_fail(
          "'${pair}' in 'RUNNERS' is not <platform>=<runner>"
          "Write it as in 'linux/amd64=ubuntu-24.04'."
        )
      endif()
      set(runner "${CMAKE_MATCH_2}")
      _cairn_normal_platform(platform "${CMAKE_MATCH_1}")
      list(APPEND runners "${platform}=${runner}")
    endforeach()
  endif()
  _cairn_json_text(schedule "${arg_SCHEDULE}")
  _cairn_json_list(branches ${arg_PUBLISH_FROM})
  _cairn_json_list(owners ${arg_OWNERS})
  _cairn_json_map(runners ${runners})
  _cairn_keep_stack_fact(
    "${arg_stack}" ci
    "{\"schedule\": ${schedule}, \"publish_from\": ${branches}, \"owners\": ${owners}, \"runners\": ${runners}}"
  )
endfunction()
