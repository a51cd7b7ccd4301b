#[=======================================================================[.rst:
docker_image_ssh
----------------

Offer ssh agent sockets or keys to RUN steps of an image that mount them.

.. versionadded:: 0.1

.. code-block:: cmake

  docker_image_ssh(<target> <id>...)

May be called several times and before or after the calls that read the image, from any folder; a
variant has what its image has, unless it says its own.

Target properties written: ``CAIRN_SSH``.

Errors: ``<target>`` is not an image; no id.

.. code-block:: cmake

  docker_image_ssh(base-notebook default)
#]=======================================================================]
include_guard(GLOBAL)

function(docker_image_ssh)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_encode_arguments()
  _cairn_set_words("SSH" "<id>")
endfunction()
