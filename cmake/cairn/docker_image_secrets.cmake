#[=======================================================================[.rst:
docker_image_secrets
--------------------

Offer files as build secrets of an image, to RUN steps that mount them; only the names are keyed.

.. versionadded:: 0.1

.. code-block:: cmake

  docker_image_secrets(<target> <id>=<file>...)

May be called several times and before or after the calls that read the image, from any folder; a
variant has what its image has, unless it says its own.

Target properties written: ``CAIRN_SECRETS``.

Errors: ``<target>`` is not an image; a word without '='.

.. code-block:: cmake

  docker_image_secrets(base-notebook pip=$ENV{HOME}/.config/pip/pip.conf)
#]=======================================================================]
include_guard(GLOBAL)

function(docker_image_secrets)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_encode_arguments()
  _cairn_set_words("SECRETS" "<id>=<file>" PAIRS)
endfunction()
