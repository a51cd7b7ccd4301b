#[=======================================================================[.rst:
get_docker_image_platforms
--------------------------

Ask for the platforms that a release must have of an image.

.. versionadded:: 0.1

.. code-block:: cmake

  get_docker_image_platforms(<out> <target>)

``<out>``
  The variable that receives the platforms, as declared up to this call: the image's own, else those
  of its parents, else the stack's, else those that this tree builds.

Target properties read: ``CAIRN_PLATFORMS``, ``CAIRN_PARENTS``, ``CAIRN_CONTENT_PARENTS``.

Errors: ``<target>`` is not an image.

.. code-block:: cmake

  get_docker_image_platforms(platforms tensorflow-notebook)
#]=======================================================================]
include_guard(GLOBAL)

function(get_docker_image_platforms)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments("out;target" "" "" "" "")
  _cairn_require_image("${arg_target}")
  _cairn_declared_platforms(result "${arg_target}")
  set("${arg_out}" "${result}" PARENT_SCOPE)
endfunction()
