# The build graph: one scan a stack, and build, inspect and test of every image. The reasons for
# this form are in docs/explanation; the tool is named in COMMAND, which orders it first, and never
# in DEPENDS, which would rebuild every image whenever the tool is linked again.
include_guard(GLOBAL)

function(_cairn_add_image_edges)
  set(needs "${directory}/key")
  foreach(parent IN LISTS parents)
    list(APPEND needs "${root}/images/${parent}/${arch}/identity")
  endforeach()
  get_property(files TARGET "${target}" PROPERTY CAIRN_GENERATED_FILES)
  foreach(file IN LISTS files)
    string(REPLACE "{arch}" "${arch}" file "${file}")
    list(APPEND needs "${file}")
  endforeach()
  foreach(verb IN ITEMS build inspect test)
    _cairn_step(${verb} ${verb} "${directory}")
  endforeach()
  add_custom_command(
    OUTPUT "${directory}/image.json" "${directory}/identity" "${directory}/config"
    DEPENDS ${needs}
    COMMAND ${build}
    COMMENT "Building image ${target} (${arch})"
    COMMAND_EXPAND_LISTS
    VERBATIM
  )
  add_custom_command(
    OUTPUT
      "${directory}/inspection.json"
      "${directory}/tags.txt"
      "${directory}/manifest.md"
      "${directory}/history.md"
    DEPENDS "${directory}/inspect.json" "${directory}/config"
    COMMAND ${inspect}
    COMMENT "Inspecting image ${target} (${arch})"
    COMMAND_EXPAND_LISTS
    VERBATIM
  )
  if(own_tests)
    add_custom_command(
      OUTPUT ${own_tests}
      DEPENDS "${directory}/test.json" "${directory}/tests.key" "${directory}/config"
      COMMAND ${test}
      COMMENT "Testing image ${target} (${arch})"
      COMMAND_EXPAND_LISTS
      VERBATIM
    )
  endif()
endfunction()

# <target>-<arch> and <target>-<arch>-test, when there are several architectures.
function(_cairn_add_arch_targets)
  add_custom_target("${target}-${arch}" DEPENDS ${own_outputs})
  add_custom_target("${target}-${arch}-test" DEPENDS ${own_tests})
endfunction()

function(_cairn_add_test_target target)
  if(TARGET "${target}-test")
    _cairn_fail(
      "target '${target}-test' exists already; the tests of image '${target}' need the name"
      "Rename one of them."
    )
  endif()
  add_custom_target("${target}-test" DEPENDS ${ARGN})
endfunction()

# The scan always runs. Its keys are BYPRODUCTS, which restat lets stand when they did not change.
# The aggregates own the edges.
function(_cairn_add_stack_targets stack)
  set(all "")
  _cairn_stack_property(in_all "${stack}" ALL)
  if(in_all)
    set(all ALL)
  endif()
  _cairn_step(scan scan "${stack_file}")
  add_custom_target(
    "_cairn-scan-${stack}"
    BYPRODUCTS ${keys}
    COMMAND ${scan}
    COMMENT "Scanning stack ${stack}"
    COMMAND_EXPAND_LISTS
    VERBATIM
  )
  add_custom_target("${stack}-images" ${all} DEPENDS ${image_outputs})
  add_custom_target("${stack}-images-test" DEPENDS ${test_outputs})
  foreach(question IN ITEMS status plan graph)
    _cairn_step(ask ${question} "--build-dir=${stack_file}")
    add_custom_target(
      "${stack}-${question}"
      COMMAND ${ask}
      USES_TERMINAL
      COMMAND_EXPAND_LISTS
      VERBATIM
    )
  endforeach()
endfunction()

# A step of the tool, as a command.
function(_cairn_step out)
  set(command cairn::tool ${ARGN})
  if(NOT "${configurations}" STREQUAL "")
    set(command "$<TARGET_FILE:cairn::tool>" ${ARGN})
  endif()
  _cairn_limit_command(command)
  set(${out} "${command}" PARENT_SCOPE)
endfunction()

# With CONFIGURATIONS, the other configurations make nothing. Their edges are there, because Ninja
# Multi-Config hangs a target's custom commands on it in each configuration, and do nothing.
function(_cairn_limit_command list)
  if(NOT "${configurations}" STREQUAL "")
    list(JOIN configurations "," names)
    list(JOIN ${list} "$<SEMICOLON>" words)
    set(${list} "$<$<CONFIG:${names}>:${words}>" PARENT_SCOPE)
  endif()
endfunction()
