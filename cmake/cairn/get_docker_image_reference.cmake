#[=======================================================================[.rst:
get_docker_image_reference
--------------------------

Ask for the name under which the engine has an image when it is built.

.. versionadded:: 0.1

.. code-block:: cmake

  get_docker_image_reference(<out> <target> [PLATFORM <platform>])

``<out>``
  The variable that receives the reference. A recipe that is given it as an argument builds from the
  image of the stack.
``PLATFORM``
  The platform whose image is meant; default this machine's. Those of other machines have the
  architecture's name in front of ``latest``.

Target properties read: ``CAIRN_IMAGE``, ``CAIRN_VARIANT``, ``CAIRN_STACK``.

Errors: ``<target>`` is not an image; an invalid platform.

.. code-block:: cmake

  get_docker_image_reference(root docker-root)
  docker_image_build_args(base-notebook ROOT_IMAGE=${root})
#]=======================================================================]
include_guard(GLOBAL)

function(get_docker_image_reference)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments("out;target" "" "PLATFORM" "" "")
  _cairn_require_image("${arg_target}")
  get_target_property(stack "${arg_target}" CAIRN_STACK)
  get_target_property(image "${arg_target}" CAIRN_IMAGE)
  get_target_property(variant "${arg_target}" CAIRN_VARIANT)
  _cairn_stack_prefix(front "${stack}")
  set(tag latest)
  if(NOT "${variant}" STREQUAL "")
    set(tag "${variant}-latest")
  endif()
  if(DEFINED arg_PLATFORM)
    _cairn_normal_platform(platform "${arg_PLATFORM}")
    get_property(native GLOBAL PROPERTY _CAIRN_NATIVE_PLATFORMS)
    if(NOT platform IN_LIST native)
      _cairn_arch_name(arch "${platform}")
      set(tag "${arch}-${tag}")
    endif()
  endif()
  set(result "${front}${image}:${tag}")
  set("${arg_out}" "${result}" PARENT_SCOPE)
endfunction()
