# What check.cmake of a case can assert. Each stops the test and prints expected, found, and what
# the configure run said.

# fail(<what> <expected> <found>)
function(fail what expected found)
  message(
    NOTICE
    "${CASE} (${generator}): ${what}
--- expected
${expected}
--- found
${found}
--- stdout of cmake
${output}
--- stderr of cmake
${error}---"
  )
  message(FATAL_ERROR "${what}")
endfunction()

# expect_equal(<what> <found> <expected>)
function(expect_equal what found expected)
  if(NOT "${found}" STREQUAL "${expected}")
    fail("${what} must be equal" "${expected}" "${found}")
  endif()
endfunction()

# expect_json(<file below ROOT> <expected> <path>...): a member as string(JSON) gives it: text
# without quotes, an object or array with one member a line, sorted by name.
function(expect_json file expected)
  if(NOT EXISTS "${ROOT}/${file}")
    fail("'${file}' must be there" "" "nothing")
  endif()
  file(READ "${ROOT}/${file}" text)
  string(JSON found ERROR_VARIABLE problem GET "${text}" ${ARGN})
  if(problem)
    fail("'${file}' must have the member '${ARGN}'" "${expected}" "${problem}\n${text}")
  endif()
  expect_equal("'${ARGN}' of '${file}'" "${found}" "${expected}")
endfunction()

# expect_words(<file> <array path> <expected>...): an array of strings.
function(expect_words file path)
  read_members(found "${file}" "${path}" "")
  expect_equal("'${path}' of '${file}'" "${found}" "${ARGN}")
endfunction()

# expect_names(<file> <array path> <expected>...): the member `name` of each object of an array.
function(expect_names file path)
  read_members(found "${file}" "${path}" name)
  expect_equal("the names in '${path}' of '${file}'" "${found}" "${ARGN}")
endfunction()

# read_members(<out> <file> <array path> <member or empty>)
function(read_members out file path member)
  file(READ "${ROOT}/${file}" text)
  string(JSON count ERROR_VARIABLE problem LENGTH "${text}" ${path})
  if(problem)
    fail("'${file}' must have an array '${path}'" "" "${problem}\n${text}")
  endif()
  set(found "")
  if(count GREATER 0)
    math(EXPR last "${count} - 1")
    foreach(index RANGE ${last})
      string(JSON item GET "${text}" ${path} ${index} ${member})
      list(APPEND found "${item}")
    endforeach()
  endif()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

# expect_absent(<file below ROOT>)
function(expect_absent file)
  if(EXISTS "${ROOT}/${file}")
    fail("'${file}' must not be there" "nothing" "${ROOT}/${file}")
  endif()
endfunction()

# expect_ctest(<test>...): the tests that ctest knows, in their order.
function(expect_ctest)
  read_ctest(text)
  string(JSON count LENGTH "${text}" tests)
  set(names "")
  if(count GREATER 0)
    math(EXPR last "${count} - 1")
    foreach(index RANGE ${last})
      string(JSON name GET "${text}" tests ${index} name)
      list(APPEND names "${name}")
    endforeach()
  endif()
  expect_equal("the names of the tests" "${names}" "${ARGN}")
endfunction()

# expect_ctest_property(<test> <property> <value>): as ctest's JSON has it, lists in one line.
function(expect_ctest_property test property expected)
  read_ctest(text)
  string(JSON count LENGTH "${text}" tests)
  foreach(index RANGE 1 ${count})
    math(EXPR index "${index} - 1")
    string(JSON name GET "${text}" tests ${index} name)
    if(name STREQUAL test)
      string(JSON properties GET "${text}" tests ${index} properties)
    endif()
  endforeach()
  string(JSON length LENGTH "${properties}")
  foreach(index RANGE 1 ${length})
    math(EXPR index "${index} - 1")
    string(JSON name GET "${properties}" ${index} name)
    if(name STREQUAL property)
      string(JSON found GET "${properties}" ${index} value)
    endif()
  endforeach()
  string(REGEX REPLACE "\n *" " " found "${found}")
  expect_equal("'${property}' of the test '${test}'" "${found}" "${expected}")
endfunction()

function(read_ctest out)
  execute_process(
    COMMAND "${CMAKE_CTEST_COMMAND}" --test-dir "${BUILD}" -C "${CONFIGURATION}" --show-only=json-v1
    OUTPUT_VARIABLE text
    COMMAND_ERROR_IS_FATAL ANY
  )
  set(${out} "${text}" PARENT_SCOPE)
endfunction()
