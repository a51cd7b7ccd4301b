#[=======================================================================[.rst:
get_docker_image_parents
------------------------

Ask for the images of the stack that an image stands on.

.. versionadded:: 0.1

.. code-block:: cmake

  get_docker_image_parents(<out> <target>)

``<out>``
  The variable that receives the targets, as declared up to this call: those of ``PARENTS``, then
  those of ``CONTENT_PARENTS``.

Target properties read: ``CAIRN_PARENTS``, ``CAIRN_CONTENT_PARENTS``.

Errors: ``<target>`` is not an image.

.. code-block:: cmake

  get_docker_image_parents(parents scipy-notebook)
#]=======================================================================]
include_guard(GLOBAL)

function(get_docker_image_parents)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments("out;target" "" "" "" "")
  _cairn_require_image("${arg_target}")
  set(result "")
  foreach(keyword IN ITEMS PARENTS CONTENT_PARENTS)
    _cairn_image_property(parents "${arg_target}" ${keyword})
    list(APPEND result ${parents})
  endforeach()
  set("${arg_out}" "${result}" PARENT_SCOPE)
endfunction()
