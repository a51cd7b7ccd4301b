#[=======================================================================[.rst:
get_docker_image_directory
--------------------------

Ask for the folder that holds an image's records in the build tree.

.. versionadded:: 0.1

.. code-block:: cmake

  get_docker_image_directory(<out> <target> [PLATFORM <platform>])

``<out>``
  The variable that receives the folder; with a multi-config generator ``$<CONFIG>`` is in it. A
  command may depend on the files of the folder once it has been asked for.
``PLATFORM``
  One of the platforms that this tree builds; default the first of them.

Target properties read: none.

Errors: ``<target>`` is not an image; a platform that this tree does not build.

.. code-block:: cmake

  get_docker_image_directory(folder base-notebook)
  install(FILES "${folder}/manifest.md" DESTINATION share/doc)
#]=======================================================================]
include_guard(GLOBAL)

function(get_docker_image_directory)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments("out;target" "" "PLATFORM" "" "")
  _cairn_require_image("${arg_target}")
  _cairn_image_directory(result "${arg_target}")
  set("${arg_out}" "${result}" PARENT_SCOPE)
endfunction()
