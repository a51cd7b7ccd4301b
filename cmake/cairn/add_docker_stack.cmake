#[=======================================================================[.rst:
add_docker_stack
----------------

Declare a family of images, and the defaults of the images in this folder and under it.

.. versionadded:: 0.1

.. code-block:: cmake

  add_docker_stack(<stack> [ALL] [NO_ARCH_TAGS] [ACCEPT_EMULATED] [REGISTRY <host>]
    [OWNER <owner>] [CONTEXT_ROOT <folder>] [PLATFORMS <platform>...] [RELEASE_TAGS <tag>...]
    [PINNED <tag>...] [PINNED_SUFFIX <suffix>] [ANCHOR_TAGS <tag>...]
    [SKEW <withhold|partial>] [LATEST_BY <probe>] [MEDIA_TYPES <oci|docker>]
    [COMPRESSION <gzip|zstd>] [DESTINATIONS <destination>...] [ROOT <target>]
    [REFRESH <never|daily|weekly|monthly>] [CONFIGURATIONS <config>...] [LOCK <file>])

``ALL``
  A plain ``cmake --build`` makes the images, and ``ctest`` builds them before it tests them.
``NO_ARCH_TAGS``
  No tags of single platforms, as ``x86_64-python-3.11``, are published.
``ACCEPT_EMULATED``
  Images that were built and tested by emulation may be published.
``REGISTRY``, ``OWNER``
  The front of every image name; ``CAIRN_REGISTRY`` and ``CAIRN_OWNER`` override them. Sent as the
  build arguments of these names to recipes that declare them.
``CONTEXT_ROOT``
  The folder whose ``<image>[/<variant>]`` is an image's build context by default.
``PLATFORMS``
  What a release must have. A build tree makes those of them that are in ``CAIRN_PLATFORMS``.
  ``CAIRN_RELEASE_PLATFORMS`` leaves fewer in releases, for those who build a family of others for
  fewer machines; all trees of a release are to have the same.
``RELEASE_TAGS``
  Tags that every image of a release gets besides those of its probes; default ``latest``. Filled
  once a release: ``{commit}``, ``{commit:<n>}``, ``{date}``, ``{time}``, and of the project
  ``{version}``, ``{major}``, ``{minor}``, ``{patch}``.
``PINNED``
  Those of ``RELEASE_TAGS`` that never move; default those with commit, date or version; ``""``:
  none.
``PINNED_SUFFIX``
  What is put behind a pinned tag that is taken: with ``.{n}``, the second gets ``.2``.
``ANCHOR_TAGS``
  Tags that hold what was pushed until the release is done, for registries that collect quickly;
  no tags of the release itself. A publish sets them, ``images-push`` does not; nothing removes
  them, and ``doctor`` lists those whose release is over.
``SKEW``
  What happens to a tag of a probe that some platforms have only: ``withhold`` (default) leaves it,
  ``partial`` moves it to those that have it.
``LATEST_BY``
  The probe whose version says which of two ``latest`` is newer; default the time of the build.
``MEDIA_TYPES``
  What indexes are: ``oci`` (default), ``docker`` for registries that refuse the mix; the images
  must then have manifests of docker's.
``COMPRESSION``
  How layers are compressed that the engine does not compress itself: ``gzip`` (default), or
  ``zstd`` for images with an OCI config, that podman and buildah build with ``--format oci``.
``DESTINATIONS``
  Where releases go, ``<host>[:<port>][/<path>]`` or ``oci:<absolute folder>``; default where the
  names say. ``CAIRN_DESTINATIONS`` overrides it.
``ROOT``
  The image whose repository keeps the release document; default the first one that is published.
  The document has the tag ``cairn-release`` there, which no image may have.
``REFRESH``
  How often bases and package lists are looked at again; default ``never``. Pulls bases that nothing
  pins and that were not made on this machine, as far as the engine tells.
``CONFIGURATIONS``
  With a multi-config generator: the configurations that make images; default all.
``LOCK``
  The file that pins the bases which the stack does not make itself, kept by ``cairn lock``; default
  ``cairn.lock`` in this folder. It need not be there.

Target properties: none; the stack is kept beside the images. Aggregate targets:
``<stack>-images`` and ``<stack>-images-test`` make all of it, ``<stack>-images-export`` puts it
into the store (``cairn export``), ``<stack>-images-push`` pushes it by digest, ``<stack>-publish``
releases it (``cairn release publish``), ``<stack>-doctor`` examines what is released;
``<stack>-status``, ``<stack>-plan`` and ``<stack>-graph`` print what ``cairn status``, ``plan`` and
``graph`` say. In a top-level project each is also there without the stack's name. With
``CAIRN_RECORDS_FROM`` the tree only publishes, from other trees' records: ``plan`` is that of the
release, and there are no others but ``images-push``, ``publish`` and ``doctor``.

Errors: a stack declared twice; an invalid platform, name, tag, destination or choice.

.. code-block:: cmake

  add_docker_stack(jupyter ALL REGISTRY quay.io OWNER jupyter CONTEXT_ROOT images
    PLATFORMS linux/amd64 linux/arm64)
#]=======================================================================]
include_guard(GLOBAL)

function(add_docker_stack)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  set(
    release_values
    SKEW
    LATEST_BY
    PINNED_SUFFIX
    MEDIA_TYPES
    ROOT
  )
  _cairn_parse_arguments(
    "stack"
    "ALL;NO_ARCH_TAGS;ACCEPT_EMULATED"
    "REGISTRY;OWNER;CONTEXT_ROOT;COMPRESSION;REFRESH;LOCK;${release_values}"
    "PLATFORMS;RELEASE_TAGS;PINNED;ANCHOR_TAGS;DESTINATIONS;CONFIGURATIONS"
    ""
  )
  _cairn_require_word("stack name" "${arg_stack}")
  if(TARGET "cairn::stack::${arg_stack}")
    _cairn_fail("stack '${arg_stack}' is declared twice" "Give one of them another name.")
  endif()
  _cairn_begin()
  _cairn_check_stack_values()
  _cairn_check_release_values()

  _cairn_reserve_names("${arg_stack}")
  set(carrier "cairn::stack::${arg_stack}")
  add_library("${carrier}" INTERFACE IMPORTED GLOBAL)
  foreach(keyword IN LISTS arg_keywords)
    if(DEFINED arg_${keyword})
      set_property(TARGET "${carrier}" PROPERTY CAIRN_${keyword} "${arg_${keyword}}")
    endif()
  endforeach()
  set_property(TARGET "${carrier}" PROPERTY CAIRN_TOP_LEVEL "${PROJECT_IS_TOP_LEVEL}")
  set_property(TARGET "${carrier}" PROPERTY CAIRN_SOURCE_DIR "${PROJECT_SOURCE_DIR}")
  set_property(TARGET "${carrier}" PROPERTY CAIRN_VERSION "${PROJECT_VERSION}")
  set_property(DIRECTORY PROPERTY CAIRN_STACK "${arg_stack}")
  set_property(GLOBAL APPEND PROPERTY _CAIRN_STACKS "${arg_stack}")
endfunction()
