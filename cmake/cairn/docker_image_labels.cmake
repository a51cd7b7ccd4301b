#[=======================================================================[.rst:
docker_image_labels
-------------------

Set labels of an image; they are part of its content.

.. versionadded:: 0.1

.. code-block:: cmake

  docker_image_labels(<target> <name>=<value>...)

May be called several times and before or after the calls that read the image, from any folder; a
variant has what its image has, unless it says its own.

Target properties written: ``CAIRN_LABELS``.

Errors: ``<target>`` is not an image; a word without '='.

.. code-block:: cmake

  docker_image_labels(base-notebook org.example.team=data)
#]=======================================================================]
include_guard(GLOBAL)

function(docker_image_labels)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_encode_arguments()
  _cairn_set_words("LABELS" "<name>=<value>" PAIRS)
endfunction()
