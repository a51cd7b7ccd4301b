#[=======================================================================[.rst:
docker_image_disable
--------------------

Switch off, in an image and its children, what it inherits.

.. versionadded:: 0.1

.. code-block:: cmake

  docker_image_disable(<target> [TESTS <test>...] [TAG_PROBES <probe>...] [SECTIONS <section>...])

``TESTS``, ``TAG_PROBES``, ``SECTIONS``
  Names of inherited tests, probes and sections.

Target properties written: ``CAIRN_DISABLED_TESTS``, ``CAIRN_DISABLED_TAG_PROBES``,
``CAIRN_DISABLED_SECTIONS``.

Errors: ``<target>`` is not an image; no keyword. At the end of the configuration: a name that the
image does not inherit.

.. code-block:: cmake

  docker_image_disable(minimal-notebook TESTS healthy)
#]=======================================================================]
include_guard(GLOBAL)

function(docker_image_disable)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments("target" "" "" "TESTS;TAG_PROBES;SECTIONS" "")
  _cairn_require_image("${arg_target}")
  if("${arg_given}" STREQUAL "")
    _cairn_fail_usage("nothing to switch off is given")
  endif()
  foreach(keyword IN LISTS arg_given)
    set_property(
      TARGET "${arg_target}"
      APPEND
      PROPERTY "CAIRN_DISABLED_${keyword}" "${arg_${keyword}}"
    )
  endforeach()
endfunction()
