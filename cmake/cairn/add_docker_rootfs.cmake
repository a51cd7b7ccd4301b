#[=======================================================================[.rst:
add_docker_rootfs
-----------------

Declare a root image: a small Debian, bootstrapped by mmdebstrap from signed packages, for every
platform; or, by one variable, any other image.

.. versionadded:: 0.1

.. code-block:: cmake

  add_docker_rootfs(<target> [NO_PUBLISH] [NO_UPDATES] [NAME <image>] SUITE <suite>
    [ROOT_IMAGE <reference>] [MIRROR <url>] [SECURITY_MIRROR <url>] [KEYRING <file>]
    [VARIANT <variant>] [INCLUDE <package>...] [COMPONENTS <component>...]
    [PLATFORMS <platform>...] [TAG_PROBES <probe>...] [SECTIONS <section>...]
    [LABELS <name>=<value>...])

``NO_PUBLISH``, ``NAME``, ``PLATFORMS``, ``TAG_PROBES``, ``SECTIONS``, ``LABELS``
  As in :command:`add_docker_image`.
``NO_UPDATES``
  The suite as it was released: neither its updates nor its security updates.
``SUITE``
  The release, as ``bookworm``.
``ROOT_IMAGE``
  An image to take in place of a bootstrap. The cache variable ``CAIRN_ROOT_IMAGE`` goes before
  it.
``MIRROR``, ``SECURITY_MIRROR``
  Where packages come from; default ``CAIRN_DEBIAN_MIRROR``, and its ``debian-security``. A mirror
  that keeps dated snapshots makes the image a function of its declaration.
``KEYRING``
  The keys that packages must be signed by; default Debian's archive keyring.
``VARIANT``
  mmdebstrap's choice of packages; default ``minbase``.
``INCLUDE``
  Further packages.
``COMPONENTS``
  Components of the archive; default ``main``.

The bootstrap is made once and again only when its declaration changes; ``<target>-renew`` forgets
it, so that the next build sees a mirror's newer packages. The same packages give the same bytes.

Target properties written: as :command:`add_docker_image`.

Errors: as :command:`add_docker_image`; an invalid suite, package or mirror; a platform that Debian
does not have; mmdebstrap is not installed (of a stack without ``ALL`` only when it is built).

.. code-block:: cmake

  add_docker_rootfs(docker-root SUITE bookworm INCLUDE ca-certificates)
#]=======================================================================]
include_guard(GLOBAL)

function(add_docker_rootfs)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments(
    "target"
    "NO_PUBLISH;NO_UPDATES"
    "NAME;SUITE;ROOT_IMAGE;MIRROR;SECURITY_MIRROR;KEYRING;VARIANT"
    "INCLUDE;COMPONENTS;PLATFORMS;TAG_PROBES;SECTIONS;LABELS"
    "SUITE"
  )
  if(NOT DEFINED arg_NAME)
    set(arg_NAME "${arg_target}")
  endif()
  _cairn_check_target("${arg_target}" "${arg_NAME}")
  _cairn_check_image_name("${arg_NAME}")
  _cairn_current_stack(stack)
  _cairn_check_values()
  _cairn_check_rootfs()
  if(NOT "${CAIRN_ROOT_IMAGE}" STREQUAL "")
    set(arg_ROOT_IMAGE "${CAIRN_ROOT_IMAGE}")
  endif()
  set(folder "${CMAKE_BINARY_DIR}/cairn/rootfs/${arg_target}")
  _cairn_declare_image("${arg_target}" "${stack}" "${arg_NAME}" "")
  if(DEFINED arg_ROOT_IMAGE)
    _cairn_take_root_image("${folder}")
  else()
    _cairn_require_mmdebstrap("${stack}")
    _cairn_declare_rootfs("${folder}")
  endif()
  list(
    REMOVE_ITEM arg_given
    ROOT_IMAGE
    SUITE
    MIRROR
    SECURITY_MIRROR
    KEYRING
    VARIANT
    INCLUDE
    COMPONENTS
  )
  _cairn_store_image()
endfunction()
