#[=======================================================================[.rst:
add_docker_stack
----------------

Declare a family of images, and the defaults of the images in this folder and under it.

.. versionadded:: 0.1

.. code-block:: cmake

  add_docker_stack(<stack> [ALL] [REGISTRY <host>] [OWNER <owner>] [CONTEXT_ROOT <folder>]
    [PLATFORMS <platform>...] [RELEASE_TAGS <tag>...] [SKEW <withhold|allow>]
    [REFRESH <never|daily|weekly|monthly>] [CONFIGURATIONS <config>...]
    [LOCK <file>])

``ALL``
  A plain ``cmake --build`` makes the images, and ``ctest`` builds them before it tests them.
``REGISTRY``, ``OWNER``
  The front of every image name; ``CAIRN_REGISTRY`` and ``CAIRN_OWNER`` override them. Sent as the
  build arguments of these names to recipes that declare them.
``CONTEXT_ROOT``
  The folder whose ``<image>[/<variant>]`` is an image's build context by default.
``PLATFORMS``
  What a release must have. A build tree makes those of them that are in ``CAIRN_PLATFORMS``.
``RELEASE_TAGS``
  Tags fixed when a release is published, with ``{version}``, ``{commit:<n>}``, ``{date}``, ….
``SKEW``
  What happens to a tag whose version differs between platforms: ``withhold`` (default), ``allow``.
``REFRESH``
  How often bases and package lists are looked at again; default ``never``.
``CONFIGURATIONS``
  With a multi-config generator: the configurations that make images; default all.
``LOCK``
  The file that pins the bases which the stack does not make itself, kept by ``cairn lock``; default
  ``cairn.lock`` in this folder. It need not be there.

Target properties: none; the stack is kept beside the images. Aggregate targets:
``<stack>-images`` and ``<stack>-images-test`` make all of it, ``<stack>-images-export`` puts it
into the store (``cairn export``); ``<stack>-status``, ``<stack>-plan`` and ``<stack>-graph`` print
what ``cairn status``, ``plan`` and ``graph`` say. In a top-level project each is also there without
the stack's name.

Errors: a stack declared twice; an invalid platform, name or choice.

.. code-block:: cmake

  add_docker_stack(jupyter ALL REGISTRY quay.io OWNER jupyter CONTEXT_ROOT images
    PLATFORMS linux/amd64 linux/arm64)
#]=======================================================================]
include_guard(GLOBAL)

function(add_docker_stack)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments(
    "stack"
    "ALL"
    "REGISTRY;OWNER;CONTEXT_ROOT;SKEW;REFRESH;LOCK"
    "PLATFORMS;RELEASE_TAGS;CONFIGURATIONS"
    ""
  )
  _cairn_require_word("stack name" "${arg_stack}")
  if(TARGET "cairn::stack::${arg_stack}")
    _cairn_fail("stack '${arg_stack}' is declared twice" "Give one of them another name.")
  endif()
  _cairn_begin()
  if(DEFINED arg_PLATFORMS)
    _cairn_normal_platforms(arg_PLATFORMS)
  endif()
  if(DEFINED arg_SKEW)
    _cairn_check_choice(arg_SKEW withhold allow)
  endif()
  if(DEFINED arg_REFRESH)
    _cairn_check_choice(arg_REFRESH never daily weekly monthly)
  endif()
  if(DEFINED arg_RELEASE_TAGS)
    foreach(tag IN LISTS arg_RELEASE_TAGS)
      _cairn_check_tag("release tag" "${tag}")
    endforeach()
  endif()
  if(DEFINED arg_CONTEXT_ROOT)
    _cairn_absolute(arg_CONTEXT_ROOT)
  else()
    set(arg_CONTEXT_ROOT "${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  if(NOT DEFINED arg_LOCK)
    set(arg_LOCK cairn.lock)
  endif()
  _cairn_absolute(arg_LOCK)
  _cairn_stack_front(REGISTRY "[A-Za-z0-9.-]+(:[0-9]+)?")
  _cairn_stack_front(OWNER "[a-z0-9]+([._/-]+[a-z0-9]+)*")

  set(carrier "cairn::stack::${arg_stack}")
  add_library("${carrier}" INTERFACE IMPORTED GLOBAL)
  foreach(
    keyword
    IN
    ITEMS ALL CONTEXT_ROOT REGISTRY OWNER LOCK
  )
    set_property(TARGET "${carrier}" PROPERTY CAIRN_${keyword} "${arg_${keyword}}")
  endforeach()
  foreach(
    keyword
    IN
    ITEMS PLATFORMS RELEASE_TAGS CONFIGURATIONS SKEW REFRESH
  )
    if(DEFINED arg_${keyword})
      set_property(TARGET "${carrier}" PROPERTY CAIRN_${keyword} "${arg_${keyword}}")
    endif()
  endforeach()
  set_property(TARGET "${carrier}" PROPERTY CAIRN_TOP_LEVEL "${PROJECT_IS_TOP_LEVEL}")
  set_property(TARGET "${carrier}" PROPERTY CAIRN_SOURCE_DIR "${PROJECT_SOURCE_DIR}")
  set_property(DIRECTORY PROPERTY CAIRN_STACK "${arg_stack}")
  set_property(GLOBAL APPEND PROPERTY _CAIRN_STACKS "${arg_stack}")
endfunction()

# REGISTRY or OWNER of the caller: the cache variable goes before the keyword.
function(_cairn_stack_front keyword grammar)
  set(value "")
  if(NOT CAIRN_${keyword} STREQUAL "")
    set(value "${CAIRN_${keyword}}")
  elseif(DEFINED arg_${keyword})
    set(value "${arg_${keyword}}")
  endif()
  if(NOT "${value}" STREQUAL "" AND NOT value MATCHES "^${grammar}$")
    _cairn_fail(
      "invalid ${keyword} '${value}'"
      "Expected the form of 'quay.io' for REGISTRY and of 'jupyter' for OWNER."
    )
  endif()
  set(arg_${keyword} "${value}" PARENT_SCOPE)
endfunction()
