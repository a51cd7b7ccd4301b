#[=======================================================================[.rst:
docker_stack_history
--------------------

Say where the history of a stack's releases is kept: a git repository of pages, as a wiki.

.. versionadded:: 0.1

.. code-block:: cmake

  docker_stack_history(<stack> GIT <url>)

``GIT``
  The repository's URL. Nothing is read or written there while images are built.

Target properties: none; the stack's description holds it as ``history``.

Errors: there is no such stack; it has a history already.

.. code-block:: cmake

  docker_stack_history(jupyter GIT https://git.example/jupyter/docker-stacks.wiki.git)
#]=======================================================================]
include_guard(GLOBAL)

function(docker_stack_history)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments("stack" "" "GIT" "" "GIT")
  _cairn_require_stack("${arg_stack}")
  _cairn_json_text(url "${arg_GIT}")
  _cairn_keep_stack_fact("${arg_stack}" history "{\"git\": ${url}}")
endfunction()
