#[=======================================================================[.rst:
get_docker_image_record
-----------------------

Ask for the file that says what the build of an image produced.

.. versionadded:: 0.1

.. code-block:: cmake

  get_docker_image_record(<out> <target> [PLATFORM <platform>])

``<out>``
  The variable that receives the path of ``image.json``; a command may depend on it.
``PLATFORM``
  One of the platforms that this tree builds; default the first of them.

Target properties read: none.

Errors: ``<target>`` is not an image; a platform that this tree does not build.

.. code-block:: cmake

  get_docker_image_record(record base-notebook)
  add_custom_command(OUTPUT size.txt DEPENDS "${record}" COMMAND report-size "${record}")
#]=======================================================================]
include_guard(GLOBAL)

function(get_docker_image_record)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments("out;target" "" "PLATFORM" "" "")
  _cairn_require_image("${arg_target}")
  _cairn_image_directory(result "${arg_target}")
  string(APPEND result "/image.json")
  set("${arg_out}" "${result}" PARENT_SCOPE)
endfunction()
