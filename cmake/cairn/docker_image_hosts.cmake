#[=======================================================================[.rst:
docker_image_hosts
------------------

Add host names to the build of an image.

.. versionadded:: 0.1

.. code-block:: cmake

  docker_image_hosts(<target> <host>:<address>...)

May be called several times and before or after the calls that read the image, from any folder; a
variant has what its image has, unless it says its own.

Target properties written: ``CAIRN_ADDED_HOSTS``.

Errors: ``<target>`` is not an image; no host; a word that is not ``<host>:<address>``.

.. code-block:: cmake

  docker_image_hosts(base-notebook mirror.example:10.0.0.7)
#]=======================================================================]
include_guard(GLOBAL)

function(docker_image_hosts)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_encode_arguments()
  _cairn_set_words("ADDED_HOSTS" "<host>:<address>")
endfunction()
