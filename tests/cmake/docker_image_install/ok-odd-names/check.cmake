# stage(<out>): installs, and gives what the stamp holds.
function(stage out)
  execute_process(
    COMMAND ninja -C "${BUILD}" -f "${NINJA_FILE}" _cairn-install-base-a_b
    OUTPUT_VARIABLE log
    RESULT_VARIABLE failed
  )
  if(failed)
    fail("every file must be staged" "" "${log}")
  endif()
  execute_process(
    COMMAND cat "${ROOT}/install/base/a_b/stamp"
    OUTPUT_VARIABLE stamp
    COMMAND_ERROR_IS_FATAL ANY
  )
  set(${out} "${stamp}" PARENT_SCOPE)
endfunction()

configure(-DSAID=first)
stage(first)
foreach(
  name
  IN
  ITEMS "open[" "shut]" "one;two" "two words" "a\nb" "back\\slash" "-r" "ünder" last
)
  if(NOT EXISTS "${ROOT}/install/base/a_b/tree/${name}")
    fail("'${name}' must be staged" "" "${first}")
  endif()
endforeach()
string(REGEX MATCHALL "[0-9a-f][0-9a-f][0-9a-f]+  [.]/" digests "${first}")
list(LENGTH digests count)
expect_equal("the number of digests" "${count}" 9)

# No file is passed over.
configure(-DSAID=second)
stage(second)
if(second STREQUAL first)
  fail("an edited file must be seen" "another stamp" "${second}")
endif()
