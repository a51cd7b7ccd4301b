#[=======================================================================[.rst:
add_docker_image
----------------

Declare an image of the current stack: a recipe with its context, arguments and parents.

.. versionadded:: 0.1

.. code-block:: cmake

  add_docker_image(<target> [NO_PUBLISH] [NORMALIZE_MODES] [REPRODUCIBLE] [NAME <image>]
    [CONTEXT <folder>] [DOCKERFILE <file>] [STAGE <stage>] [NETWORK <mode>] [REFRESH <period>]
    [SKEW <withhold|partial>] [LATEST_BY <probe>]
    [PARENTS <target>...] [CONTENT_PARENTS <target>...] [PLATFORMS <platform>...]
    [TAG_PROBES <probe>...] [SECTIONS <section>...] [BUILD_ARGS <name>=<value>...]
    [CACHE_ARGS <name>...] [LABELS <name>=<value>...] [SECRETS <id>=<file>...] [SSH <id>...]
    [ADDED_HOSTS <host>:<address>...])

``NO_PUBLISH``
  Built and tested on the fresh images; inherits no tags and is never published.
``NORMALIZE_MODES``
  Files are keyed and staged with the modes 0644 and 0755.
``REPRODUCIBLE``
  Time stamps in the image are rewritten to one fixed date.
``NAME``
  The image's name; default the target's.
``CONTEXT``, ``DOCKERFILE``
  The build context, default ``<CONTEXT_ROOT>/<image>``, and the recipe in it, default
  ``Dockerfile``.
``STAGE``
  The stage to build; default the last.
``NETWORK``
  The network of the ``RUN`` steps, as the engine names it.
``REFRESH``, ``SKEW``, ``LATEST_BY``
  As in :command:`add_docker_stack`, for this image alone.
``PARENTS``
  Images of the stack that the recipe builds FROM. The first one is the final stage's: its
  platforms, probes, sections and tests are inherited.
``CONTENT_PARENTS``
  Images of the stack that the recipe only copies from: content, no tests and no tags.
``PLATFORMS``
  What a release must have of this image; default the parent's, else the stack's.
``TAG_PROBES``, ``SECTIONS``
  Probes and sections of the stack that this image adds to the inherited ones.
``BUILD_ARGS``, ``CACHE_ARGS``
  Build arguments; those of ``CACHE_ARGS`` are passed only when ``-D<name>=`` was given a value.
``LABELS``, ``SECRETS``, ``SSH``, ``ADDED_HOSTS``
  Handed to the engine; of a secret only its name is keyed.

Target properties written: ``CAIRN_<KEYWORD>`` of every keyword given, ``CAIRN_IMAGE``,
``CAIRN_VARIANT`` and ``CAIRN_STACK``. Targets: ``<target>`` builds and inspects,
``<target>-test`` tests, with several platforms also ``<target>-<arch>``. In a stack of up to 100
published images ``<target>-push`` pushes by digest, and ``<target>-publish`` releases the image and
what it stands on, without the rest of the stack.

Errors: a target or image name that is taken or invalid, or a target that CMake or the stack makes,
as ``status``; a missing or remote context; a missing recipe; no stack. At the end of the
configuration: an undeclared parent, a cycle, a parent that lacks a platform, an unknown probe or
section, a probe of ``LATEST_BY`` that the image has not, one name, registry and owner included, for
two images.

.. code-block:: cmake

  add_docker_image(base-notebook PARENTS docker-stacks-foundation TAG_PROBES lab)
#]=======================================================================]
include_guard(GLOBAL)

function(add_docker_image)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments(
    "target"
    "NO_PUBLISH;NORMALIZE_MODES;REPRODUCIBLE"
    "NAME;CONTEXT;DOCKERFILE;STAGE;NETWORK;REFRESH;SKEW;LATEST_BY"
    "PARENTS;CONTENT_PARENTS;PLATFORMS;TAG_PROBES;SECTIONS;BUILD_ARGS;CACHE_ARGS;LABELS;SECRETS;SSH;ADDED_HOSTS"
    ""
  )
  if(NOT DEFINED arg_NAME)
    set(arg_NAME "${arg_target}")
  endif()
  _cairn_check_target("${arg_target}" "${arg_NAME}")
  _cairn_check_image_name("${arg_NAME}")
  _cairn_current_stack(stack)
  _cairn_stack_property(context_root "${stack}" CONTEXT_ROOT)
  _cairn_find_context("${context_root}/${arg_NAME}")
  _cairn_check_values()
  _cairn_declare_image("${arg_target}" "${stack}" "${arg_NAME}" "")
  _cairn_store_image()
endfunction()

# Keeps what the caller was given as properties of its target.
function(_cairn_store_image)
  set(properties CAIRN_CONTEXT "${arg_CONTEXT}" CAIRN_DOCKERFILE "${arg_DOCKERFILE}")
  if(arg_NO_PUBLISH OR arg_NORMALIZE_MODES OR arg_REPRODUCIBLE)
    foreach(keyword IN ITEMS NO_PUBLISH NORMALIZE_MODES REPRODUCIBLE)
      if(arg_${keyword})
        list(APPEND properties CAIRN_${keyword} TRUE)
      endif()
    endforeach()
  endif()
  set_target_properties("${arg_target}" PROPERTIES ${properties})
  list(REMOVE_ITEM arg_given NAME CONTEXT DOCKERFILE)
  foreach(keyword IN LISTS arg_given)
    set_property(TARGET "${arg_target}" PROPERTY CAIRN_${keyword} "${arg_${keyword}}")
  endforeach()
endfunction()
