# The same tests by ctest, which always runs them.
include_guard(GLOBAL)

function(_cairn_add_ctest_tests ids)
  set(prefix "${target}")
  if(count GREATER 1)
    string(APPEND prefix ".${arch}")
  endif()
  foreach(id IN LISTS ids)
    string(REGEX REPLACE "^.*/" "" name "${id}")
    get_property(facts TARGET "cairn::stack::${stack}" PROPERTY "CAIRN_TEST_FACTS_${id}")
    list(GET facts 0 kind)
    list(GET facts 1 limit)
    # The tool ends a test by its own limit; ctest's also covers waiting for a free slot.
    math(EXPR limit "${limit} + 1500")
    add_test(
      NAME "${prefix}.${name}"
      COMMAND cairn::tool test "${directory}" --ctest --only "${name}"
    )
    set_tests_properties(
      "${prefix}.${name}"
      PROPERTIES
        LABELS "docker;${image};${arch};${kind}"
        FIXTURES_REQUIRED "cairn-${stack}"
        TIMEOUT "${limit}"
        SKIP_RETURN_CODE 77
    )
  endforeach()
endfunction()

# One fixture for the whole stack: two builds in one folder at once are unsafe, and a fixture an
# image is quadratic.
function(_cairn_add_build_fixture stack)
  set(builds "${CAIRN_CTEST_BUILDS}")
  if("${builds}" STREQUAL "")
    _cairn_stack_property(builds "${stack}" ALL)
  endif()
  if(NOT builds OR NOT test_outputs)
    return()
  endif()
  set(config "")
  get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(multi_config)
    set(config --config "$<CONFIG>")
  endif()
  add_test(
    NAME "${stack}.build"
    COMMAND "${CMAKE_COMMAND}" --build "${CMAKE_BINARY_DIR}" ${config} --target "${stack}-images"
  )
  set_tests_properties(
    "${stack}.build"
    PROPERTIES
      FIXTURES_SETUP "cairn-${stack}"
      RESOURCE_LOCK cairn-build
      LABELS "docker;build"
      TIMEOUT 14400
  )
endfunction()
