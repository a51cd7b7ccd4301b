#[=======================================================================[.rst:
docker_stack_hook
-----------------

Run a command on everything that a release pushed, before any tag moves: SBOM, provenance,
signature.

.. versionadded:: 0.1

.. code-block:: cmake

  docker_stack_hook(<stack> <hook> COMMAND <word>...)

``COMMAND``
  The command. One string is one command line, split as a shell would. Where it runs, ``{ref}`` is
  the reference by digest, ``{repository}`` and ``{digest}`` its parts, ``{image}`` the image's
  target, ``{kind}`` ``index`` or ``manifest``, and ``{platform}`` a manifest's platform.

Hooks run in the order of their calls, each once for a digest in a repository, as far as the
store remembers; one that fails stops the release, and no tag has moved.

Target properties: none; the release description holds them as ``hooks``.

Errors: there is no such stack; a hook declared twice; a keyword, also a misspelt one,
swallowed by ``COMMAND``.

.. code-block:: cmake

  docker_stack_hook(jupyter sign COMMAND cosign sign --yes {ref})
#]=======================================================================]
include_guard(GLOBAL)

function(docker_stack_hook)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments("stack;hook" "" "" "COMMAND" "COMMAND")
  _cairn_require_stack("${arg_stack}")
  _cairn_require_word("hook name" "${arg_hook}")
  _cairn_stack_property(names "${arg_stack}" HOOK_NAMES)
  if(arg_hook IN_LIST names)
    _cairn_fail(
      "hook '${arg_hook}' is declared twice in stack '${arg_stack}'"
      "Give one of them another name."
    )
  endif()
  _cairn_command_words(command ${arg_COMMAND})
  _cairn_json_list(command ${command})
  set(json "{\"name\": \"${arg_hook}\", \"command\": ${command}}")
  if(names)
    set(json ",\n  ${json}")
  endif()
  set(carrier "cairn::stack::${arg_stack}")
  set_property(TARGET "${carrier}" APPEND PROPERTY CAIRN_HOOK_NAMES "${arg_hook}")
  set_property(TARGET "${carrier}" APPEND_STRING PROPERTY CAIRN_HOOKS "${json}")
endfunction()
