#[=======================================================================[.rst:
docker_image_build_args
-----------------------

Set build arguments of an image.

.. versionadded:: 0.1

.. code-block:: cmake

  docker_image_build_args(<target> <name>=<value>...)

May be called several times and before or after the calls that read the image, from any folder; a
variant has what its image has, unless it says its own.

Target properties written: ``CAIRN_BUILD_ARGS``.

Errors: ``<target>`` is not an image; a word without '='.

.. code-block:: cmake

  docker_image_build_args(base-notebook PYTHON_VERSION=3.12)
#]=======================================================================]
include_guard(GLOBAL)

function(docker_image_build_args)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_encode_arguments()
  _cairn_set_words("BUILD_ARGS" "<name>=<value>" PAIRS)
endfunction()
