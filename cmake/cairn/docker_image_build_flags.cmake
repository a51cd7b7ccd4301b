#[=======================================================================[.rst:
docker_image_build_flags
------------------------

Hand further flags to the engine's build command of an image; they are keyed.

.. versionadded:: 0.1

.. code-block:: cmake

  docker_image_build_flags(<target> <flag>...)

May be called several times and before or after the calls that read the image, from any folder; a
variant has what its image has, unless it says its own.

Target properties written: ``CAIRN_BUILD_FLAGS``.

Errors: ``<target>`` is not an image; no flag.

.. code-block:: cmake

  docker_image_build_flags(base-notebook --memory 4g)
#]=======================================================================]
include_guard(GLOBAL)

function(docker_image_build_flags)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_encode_arguments()
  _cairn_set_words("BUILD_FLAGS" "<flag>")
endfunction()
