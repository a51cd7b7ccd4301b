# A tree of Cairn that builds a stack has the stack's tests alone; it need not find GoogleTest.
if(CONFIGURATION STREQUAL "Debug")
  return()
endif()
execute_process(
  COMMAND
    "${CMAKE_COMMAND}" -G "${generator}" -S "${CAIRN}" -B "${BUILD}/tree" -DCAIRN_STACK=quick
    "-DCAIRN_ENGINE_FILE=${SUPPORT}/engine.json" -DCMAKE_DISABLE_FIND_PACKAGE_GTest=ON
  RESULT_VARIABLE failed
  OUTPUT_VARIABLE output
  ERROR_VARIABLE error
)
load_cache("${BUILD}/tree" READ_WITH_PREFIX tree_ CAIRN_BUILD_TESTS)
if(failed OR tree_CAIRN_BUILD_TESTS)
  fail("the tree must have no tests of Cairn itself" "" "")
endif()
