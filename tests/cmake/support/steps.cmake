# What check.cmake of a case can assert of the build graph.

# expect_steps(<target> <step>...): the steps of the tool that the target runs, in the graph's
# order, written as `build base/x86_64`, `scan demo.stack.json`.
function(expect_steps target)
  read_steps(steps "${target}")
  expect_equal("the steps of '${target}'" "${steps}" "${ARGN}")
endfunction()

# expect_steps_in_any_order(<target> <step>...): sorted by name.
function(expect_steps_in_any_order target)
  read_steps(steps "${target}")
  list(SORT steps)
  expect_equal("the sorted steps of '${target}'" "${steps}" "${ARGN}")
endfunction()

function(read_steps out target)
  execute_process(
    COMMAND ninja -C "${BUILD}" -f "${NINJA_FILE}" -t commands "${target}"
    OUTPUT_VARIABLE commands
    ERROR_VARIABLE problem
    RESULT_VARIABLE ninja_status
  )
  if(NOT ninja_status EQUAL 0)
    fail("ninja must know the target '${target}'" "" "${problem}")
  endif()
  string(
    REGEX MATCHALL
      "cairn (scan|build|inspect|test|export|push|doctor|status|(release )?(plan|publish)|graph) [^ \n]+"
    steps
    "${commands}"
  )
  list(TRANSFORM steps REPLACE "^cairn " "")
  list(TRANSFORM steps REPLACE "${ROOT}/(images/)?" "")
  set(${out} "${steps}" PARENT_SCOPE)
endfunction()
