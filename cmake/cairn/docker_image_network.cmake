#[=======================================================================[.rst:
docker_image_network
--------------------

Set the network of an image's RUN steps, as the engine names it.

.. versionadded:: 0.1

.. code-block:: cmake

  docker_image_network(<target> <mode>)

May be called several times and before or after the calls that read the image, from any folder; a
variant has what its image has, unless it says its own.

Target properties written: ``CAIRN_NETWORK``.

Errors: ``<target>`` is not an image; none or several modes.

.. code-block:: cmake

  docker_image_network(base-notebook none)
#]=======================================================================]
include_guard(GLOBAL)

function(docker_image_network)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_encode_arguments()
  _cairn_set_words("NETWORK" "<mode>" ONE)
endfunction()
