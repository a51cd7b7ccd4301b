#[=======================================================================[.rst:
add_docker_manifest_section
---------------------------

Declare commands whose output, in a finished image, becomes a section of its build manifest.

.. versionadded:: 0.1

.. code-block:: cmake

  add_docker_manifest_section(<section> TITLE <title> [HEADLINE <command>...]
    [COMMANDS <command>...] [PLATFORMS <platform>...] [VARIANTS <variant>...])

``TITLE``
  The section's heading.
``HEADLINE``
  Commands whose output is printed bare under the heading. One string is one command line, split
  as a shell would.
``COMMANDS``
  Commands whose output is printed in a block each.
``PLATFORMS``, ``VARIANTS``
  Only there. The variant of an image without one is ``default``.

Target properties: none.

Errors: a section declared twice in a stack; neither ``HEADLINE`` nor ``COMMANDS``.

.. code-block:: cmake

  add_docker_manifest_section(python TITLE "Python Packages"
    HEADLINE "python --version" COMMANDS "pip list")
#]=======================================================================]
include_guard(GLOBAL)

function(add_docker_manifest_section)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments("section" "" "TITLE" "HEADLINE;COMMANDS;PLATFORMS;VARIANTS" "TITLE")
  _cairn_current_stack(stack)
  _cairn_require_word("section name" "${arg_section}")
  _cairn_require_new("${stack}" SECTION "${arg_section}")
  if(NOT DEFINED arg_HEADLINE AND NOT DEFINED arg_COMMANDS)
    _cairn_fail_usage("section '${arg_section}' has neither HEADLINE nor COMMANDS")
  endif()
  foreach(keyword IN ITEMS HEADLINE COMMANDS)
    set(lines_${keyword} "")
    set(comma "")
    if(DEFINED arg_${keyword})
      foreach(line IN LISTS arg_${keyword})
        _cairn_command_words(words "${line}")
        _cairn_json_list(words ${words})
        string(APPEND lines_${keyword} "${comma}${words}")
        set(comma ", ")
      endforeach()
    endif()
  endforeach()
  _cairn_json_text(name "${arg_section}")
  _cairn_json_text(title "${arg_TITLE}")
  _cairn_keep_part(
    "${stack}" SECTION "${arg_section}"
    "\"name\": ${name}, \"title\": ${title}, \"headline\": [${lines_HEADLINE}], \"commands\": [${lines_COMMANDS}]"
  )
endfunction()
