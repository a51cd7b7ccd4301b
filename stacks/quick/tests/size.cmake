# Asks the engine how big the image is and compares that with a budget; writes JUnit.
#   cmake -D ENGINE=<engine.json> -D REF=<reference> -D BUDGET=<bytes> -D JUNIT=<file> -P size.cmake
cmake_minimum_required(VERSION 3.25)

file(READ "${ENGINE}" engine)
string(JSON program GET "${engine}" program)
string(JSON kind GET "${engine}" kind)
string(JSON flag_count LENGTH "${engine}" global_flags)
set(command "${program}")
if(flag_count GREATER 0)
  math(EXPR last "${flag_count} - 1")
  foreach(index RANGE ${last})
    string(JSON flag GET "${engine}" global_flags ${index})
    list(APPEND command "${flag}")
  endforeach()
endif()

if(kind STREQUAL "buildah")
  list(APPEND command images --format "{{.Size}}" "${REF}")
else()
  list(
    APPEND command
    image
    inspect
    --format
    "{{.Size}}"
    "${REF}"
  )
endif()
execute_process(
  COMMAND ${command}
  OUTPUT_VARIABLE size
  ERROR_VARIABLE errors
  RESULT_VARIABLE result
  OUTPUT_STRIP_TRAILING_WHITESPACE
)

# buildah prints one line a name of the image.
string(REGEX REPLACE "\n.*" "" size "${size}")
set(failure "")
if(NOT result EQUAL 0)
  set(failure "the engine does not know ${REF}: ${errors}")
elseif(size MATCHES "^([0-9.]+) ?([kM]?)B$")
  # buildah prints a rounded size with a unit; anything above MB is over any budget here.
  set(unit_ 1)
  set(unit_k 1000)
  set(unit_M 1000000)
  string(REGEX REPLACE "\\..*" "" whole "${CMAKE_MATCH_1}")
  math(EXPR size "${whole} * ${unit_${CMAKE_MATCH_2}}")
endif()
if(NOT failure AND NOT size MATCHES "^[0-9]+$")
  set(failure "expected a number of bytes, got '${size}'")
elseif(NOT failure AND size GREATER BUDGET)
  set(failure "${size} bytes are more than the budget of ${BUDGET}")
endif()

set(body "")
if(failure)
  string(REGEX REPLACE "[<>&\"]" " " message "${failure}")
  set(body "<failure message=\"${message}\"/>")
endif()
file(
  WRITE "${JUNIT}"
  "<testsuite name=\"size\" tests=\"1\"><testcase classname=\"quick\" name=\"size\">"
  "${body}</testcase></testsuite>\n"
)
if(failure)
  message(FATAL_ERROR "${failure}")
endif()
message(STATUS "${REF}: ${size} bytes of ${BUDGET}")
