# The build graph: one scan a stack, and build, inspect and test of every image. The reasons for
# this form are in docs/explanation; the tool is named in COMMAND, which orders it first, and never
# in DEPENDS, which would rebuild every image whenever the tool is linked again.
include_guard(GLOBAL)

# Of the files of an image Ninja is told of those that something stands on, for each costs a no-op
# some 12 us: `config`, `identity` where there are children, inspection.json and one record a test.
# When one of the others goes away the scan notices. Whoever asked where an image's files are may
# stand on any of them, so there all are declared.
function(_cairn_add_image_edges)
  set(needs "${directory}/key")
  foreach(parent IN LISTS parents)
    list(APPEND needs "${root}/images/${parent}/${arch}/identity")
  endforeach()
  foreach(file IN LISTS GENERATED_FILES)
    string(REPLACE "{arch}" "${arch}" file "${file}")
    list(APPEND needs "${file}")
  endforeach()
  set(built "${directory}/config")
  set(inspected "${directory}/inspection.json")
  if(FILES_ASKED)
    list(APPEND built "${directory}/identity" "${directory}/image.json")
    foreach(file IN ITEMS tags.txt manifest.md history.md)
      list(APPEND inspected "${directory}/${file}")
    endforeach()
  elseif(IS_PARENT)
    list(APPEND built "${directory}/identity")
  endif()
  add_custom_command(
    OUTPUT ${built}
    DEPENDS ${needs}
    COMMAND ${step_front}build${step_between}${directory}${step_back}
    COMMENT "Building image ${target} (${arch})"
    COMMAND_EXPAND_LISTS
    VERBATIM
  )
  add_custom_command(
    OUTPUT ${inspected}
    DEPENDS "${directory}/inspect.json" "${directory}/config"
    COMMAND ${step_front}inspect${step_between}${directory}${step_back}
    COMMENT "Inspecting image ${target} (${arch})"
    COMMAND_EXPAND_LISTS
    VERBATIM
  )
  if(own_tests)
    add_custom_command(
      OUTPUT ${own_tests}
      DEPENDS "${directory}/test.json" "${directory}/tests.key" "${directory}/config"
      COMMAND ${step_front}test${step_between}${directory}${step_back}
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
  add_custom_target(
    "_cairn-scan-${stack}"
    BYPRODUCTS ${keys}
    COMMAND ${step_front}scan${step_between}${stack_file}${step_back}
    COMMENT "Scanning stack ${stack}"
    COMMAND_EXPAND_LISTS
    VERBATIM
  )
  add_custom_target("${stack}-images" ${all} DEPENDS ${image_outputs})
  add_custom_target("${stack}-images-test" DEPENDS ${test_outputs})
  # One process for all images, always run: it asks no engine for what the store has, and an edge an
  # image would cost every build that exports nothing.
  add_custom_target(
    "${stack}-images-export"
    DEPENDS ${image_outputs}
    COMMAND ${step_front}export${step_between}--build-dir=${stack_file}${step_back}
    COMMENT "Exporting images of stack ${stack}"
    COMMAND_EXPAND_LISTS
    VERBATIM
  )
  foreach(question IN ITEMS status plan graph)
    add_custom_target(
      "${stack}-${question}"
      COMMAND ${step_front}${question}${step_between}--build-dir=${stack_file}${step_back}
      USES_TERMINAL
      COMMAND_EXPAND_LISTS
      VERBATIM
    )
  endforeach()
endfunction()

# What stands around the words of a step of the tool, as a command: made once a stack.
function(_cairn_collect_step_parts)
  set(step_front "cairn::tool;")
  set(step_between ";")
  set(step_back "")
  if(NOT "${configurations}" STREQUAL "")
    set(command "$<TARGET_FILE:cairn::tool>" "{words}")
    _cairn_limit_command(command)
    string(REGEX MATCH "^(.*){words}(.*)$" command "${command}")
    set(step_front "${CMAKE_MATCH_1}")
    set(step_between "$<SEMICOLON>")
    set(step_back "${CMAKE_MATCH_2}")
  endif()
  return(PROPAGATE step_front step_between step_back)
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
