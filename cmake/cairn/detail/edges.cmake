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
  add_custom_command(
    OUTPUT "${directory}/image.json" "${directory}/identity" "${directory}/config"
    DEPENDS ${needs}
    COMMAND cairn::tool build "${directory}"
    COMMENT "Building image ${target} (${arch})"
    VERBATIM
  )
  add_custom_command(
    OUTPUT
      "${directory}/inspection.json"
      "${directory}/tags.txt"
      "${directory}/manifest.md"
      "${directory}/history.md"
    DEPENDS "${directory}/inspect.json" "${directory}/config"
    COMMAND cairn::tool inspect "${directory}"
    COMMENT "Inspecting image ${target} (${arch})"
    VERBATIM
  )
  if(own_tests)
    add_custom_command(
      OUTPUT ${own_tests}
      DEPENDS "${directory}/test.json" "${directory}/tests.key" "${directory}/config"
      COMMAND cairn::tool test "${directory}"
      COMMENT "Testing image ${target} (${arch})"
      VERBATIM
    )
  endif()
endfunction()

# <target>-<arch> and <target>-<arch>-test, when there are several architectures.
function(_cairn_add_arch_targets)
  _cairn_limit_configurations(own_outputs)
  _cairn_limit_configurations(own_tests)
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
  set(files ${ARGN})
  _cairn_limit_configurations(files)
  add_custom_target("${target}-test" DEPENDS ${files})
endfunction()

# The scan always runs. Its keys are BYPRODUCTS, which restat lets stand when they did not change.
# The aggregates own the edges.
function(_cairn_add_stack_targets stack)
  set(all "")
  _cairn_stack_property(in_all "${stack}" ALL)
  if(in_all)
    set(all ALL)
  endif()
  add_custom_target(
    "_cairn-scan-${stack}"
    BYPRODUCTS ${keys}
    COMMAND cairn::tool scan "${stack_file}"
    COMMENT "Scanning stack ${stack}"
    VERBATIM
  )
  _cairn_limit_configurations(image_outputs)
  _cairn_limit_configurations(test_outputs)
  add_custom_target("${stack}-images" ${all} DEPENDS ${image_outputs})
  add_custom_target("${stack}-images-test" DEPENDS ${test_outputs})
endfunction()

# With CONFIGURATIONS, the other configurations make nothing.
function(_cairn_limit_configurations list)
  if(NOT "${configurations}" STREQUAL "")
    list(JOIN configurations "," names)
    list(TRANSFORM ${list} REPLACE "^(.+)$" "$<$<CONFIG:${names}>:\\1>")
    set(${list} "${${list}}" PARENT_SCOPE)
  endif()
endfunction()
