#[=======================================================================[.rst:
add_docker_variant
------------------

Declare another recipe of an image, whose tags carry the variant's name as a prefix.

.. versionadded:: 0.1

.. code-block:: cmake

  add_docker_variant(<target> <variant> [NO_PUBLISH] [NORMALIZE_MODES] [REPRODUCIBLE]
    [CONTEXT <folder>] [DOCKERFILE <file>] [STAGE <stage>] [NETWORK <mode>] [REFRESH <period>]
    [SKEW <withhold|partial>] [LATEST_BY <probe>]
    [PARENTS <target>...] [CONTENT_PARENTS <target>...] [PLATFORMS <platform>...]
    [TAG_PROBES <probe>...] [SECTIONS <section>...] [BUILD_ARGS <name>=<value>...]
    [CACHE_ARGS <name>...] [LABELS <name>=<value>...] [SECRETS <id>=<file>...] [SSH <id>...]
    [ADDED_HOSTS <host>:<address>...])

The recipe is the variant's own; everything else comes from the image unless it is given here. The
image's tests, probes and sections are inherited. The new target is ``<target>-<variant>``.

``CONTEXT``
  Default: the folder ``<variant>`` in the image's context.

The other keywords are those of :command:`add_docker_image`.

Target properties written: as :command:`add_docker_image`; read: those of the image.

Errors: ``<target>`` is not an image, or is a variant itself; an invalid variant name; as
:command:`add_docker_image`.

.. code-block:: cmake

  add_docker_variant(pytorch-notebook cuda12)
#]=======================================================================]
include_guard(GLOBAL)

function(add_docker_variant)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments(
    "target;variant"
    "NO_PUBLISH;NORMALIZE_MODES;REPRODUCIBLE"
    "CONTEXT;DOCKERFILE;STAGE;NETWORK;REFRESH;SKEW;LATEST_BY"
    "PARENTS;CONTENT_PARENTS;PLATFORMS;TAG_PROBES;SECTIONS;BUILD_ARGS;CACHE_ARGS;LABELS;SECRETS;SSH;ADDED_HOSTS"
    ""
  )
  _cairn_require_image("${arg_target}")
  get_target_property(of_variant "${arg_target}" CAIRN_VARIANT)
  if(of_variant)
    _cairn_fail(
      "'${arg_target}' is a variant itself"
      "Variants belong to the image: add_docker_variant(<image target> ${arg_variant} …)"
    )
  endif()
  if(NOT arg_variant MATCHES "^[a-z0-9]+([._-][a-z0-9]+)*$")
    _cairn_fail(
      "invalid variant '${arg_variant}'"
      "Expected lower-case letters and digits, with '.', '_' or '-' between them: it begins tags."
    )
  endif()
  set(base "${arg_target}")
  set(arg_target "${base}-${arg_variant}")
  get_target_property(stack "${base}" CAIRN_STACK)
  get_target_property(image "${base}" CAIRN_IMAGE)
  get_target_property(context "${base}" CAIRN_CONTEXT)
  _cairn_check_target("${arg_target}" "${image}")
  _cairn_find_context("${context}/${arg_variant}")
  _cairn_check_values()
  _cairn_declare_image("${arg_target}" "${stack}" "${image}" "${arg_variant}")
  _cairn_store_image()
  set_property(TARGET "${arg_target}" PROPERTY CAIRN_VARIANT_OF "${base}")
endfunction()
