#[=======================================================================[.rst:
add_docker_tag_probe
--------------------

Declare a command whose output, in a finished image, becomes tags of that image.

.. versionadded:: 0.1

.. code-block:: cmake

  add_docker_tag_probe(<probe> [MATCH <regex>] COMMAND <word>... [TAGS <tag>...]
    [PLATFORMS <platform>...] [VARIANTS <variant>...])

``MATCH``
  An ECMAScript regular expression over stdout, then stderr, line by line; its first group, or the
  whole match, is the version. Default: the first word that starts with a digit. Bracket arguments
  need no escapes: ``[[VERSION_ID="(.+)"]]``.
``COMMAND``
  The command. One string is one command line, split as a shell would.
``TAGS``
  Tags with ``{version}``, ``{major}``, ``{minor}``, ``{patch}``; default ``<probe>-{version}``.
``PLATFORMS``, ``VARIANTS``
  Runs only there. The variant of an image without one is ``default``.

Target properties: none.

Errors: a probe declared twice in a stack; an invalid tag, ``latest``, or one with another
placeholder; a bracket alone in ``MATCH``; a keyword, also a misspelt one, swallowed by ``COMMAND``.

.. code-block:: cmake

  add_docker_tag_probe(python COMMAND python --version TAGS python-{major}.{minor} python-{version})
#]=======================================================================]
include_guard(GLOBAL)

function(add_docker_tag_probe)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments("probe" "" "MATCH" "COMMAND;TAGS;PLATFORMS;VARIANTS" "COMMAND")
  _cairn_current_stack(stack)
  _cairn_require_word("probe name" "${arg_probe}")
  _cairn_require_new("${stack}" PROBE "${arg_probe}")
  if(NOT DEFINED arg_TAGS)
    set(arg_TAGS "${arg_probe}-{version}")
  endif()
  foreach(tag IN LISTS arg_TAGS)
    _cairn_check_probe_tag("${tag}")
  endforeach()
  _cairn_check_patterns(MATCH)
  if(NOT DEFINED arg_MATCH)
    set(arg_MATCH "")
  endif()
  _cairn_command_words(command ${arg_COMMAND})
  _cairn_json_text(name "${arg_probe}")
  _cairn_json_list(command ${command})
  _cairn_json_text(match "${arg_MATCH}")
  _cairn_json_list(tags ${arg_TAGS})
  _cairn_keep_part(
    "${stack}" PROBE "${arg_probe}"
    "\"name\": ${name}, \"command\": ${command}, \"match\": ${match}, \"tags\": ${tags}"
  )
endfunction()

# The grammar, and what a version can fill. The tool would say the same, but after a build.
function(_cairn_check_probe_tag tag)
  _cairn_check_tag("tag" "${tag}")
  string(REGEX MATCHALL "{[^}]*}" names "${tag}")
  foreach(name IN LISTS names)
    _cairn_check_placeholder(
      tag "${tag}" "${name}"
      "version|major|minor|patch"
      probe
      "{version} {major} {minor} {patch}"
    )
  endforeach()
  if(tag STREQUAL "latest")
    _cairn_fail(
      "the tag 'latest' is every image's"
      "Write: TAGS ${arg_probe}-{version}, or TAGS ${arg_probe}-latest"
    )
  endif()
endfunction()
