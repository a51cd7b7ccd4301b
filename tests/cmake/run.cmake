# cmake -D CASE=<folder> -D GENERATOR=<name> -D MODE=<package|fetch> -D PREFIX=<staged install>
#       -D CAIRN=<this project> -D WORK=<folder> -P run.cmake
#
# Configures one case in a folder of its own and judges exit status and text. A case is a project:
#   CMakeLists.txt   it finds `images`, folders with recipes, in the variable IMAGES
#   expected.txt     it must fail with exactly this message
#   check.cmake      it must configure in silence; these assertions on what it wrote must hold
#   options.cmake    what else the configure run gets: `options`, `generator`, `environment`
cmake_minimum_required(VERSION 3.25)

include("${CMAKE_CURRENT_LIST_DIR}/support/assertions.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/support/steps.cmake")

set(SUPPORT "${CMAKE_CURRENT_LIST_DIR}/support")
set(IMAGES "${SUPPORT}/images")
set(SOURCE "${CASE}")
set(BUILD "${WORK}/build")

# What this machine's own images are called.
cmake_host_system_information(RESULT ARCH QUERY OS_PLATFORM)
set(PLATFORM "linux/${ARCH}")
string(REPLACE "/x86_64" "/amd64" PLATFORM "${PLATFORM}")
string(REPLACE "/aarch64" "/arm64" PLATFORM "${PLATFORM}")
string(REPLACE "/armv7l" "/arm/v7" PLATFORM "${PLATFORM}")
string(REPLACE "armv7l" "armv7" ARCH "${ARCH}")

# Runs the configuration into `status`, `output` and `error` of the caller.
function(configure)
  execute_process(
    COMMAND
      "${CMAKE_COMMAND}" -E env --unset=SSL_CERT_FILE --unset=CURL_CA_BUNDLE
      "XDG_STATE_HOME=${WORK}/state" ${environment} "${CMAKE_COMMAND}" -G "${generator}" -S
      "${SOURCE}" -B "${BUILD}" ${options} ${ARGN}
    RESULT_VARIABLE status
    OUTPUT_VARIABLE output
    ERROR_VARIABLE error
  )
  return(PROPAGATE status output error)
endfunction()

# The message of the one error in `error`, without CMake's own lines around it.
function(read_message out)
  string(REGEX REPLACE "^.*CMake Error at [^\n]*:\n+" "" message "${error}")
  string(
    REGEX REPLACE "\n(Call Stack \\(most recent call first\\):)?\n.*$"
    "\n"
    message
    "${message}"
  )
  string(REPLACE "\n    " "\n" message "${message}")
  string(STRIP "${message}" message)
  set(${out} "${message}" PARENT_SCOPE)
endfunction()

function(judge_failure)
  file(READ "${CASE}/expected.txt" expected)
  string(STRIP "${expected}" expected)
  foreach(place IN ITEMS SOURCE BUILD IMAGES PLATFORM)
    string(REPLACE "@${place}@" "${${place}}" expected "${expected}")
  endforeach()
  if(status EQUAL 0)
    fail("the configuration must fail, and did not" "${expected}" "")
  endif()
  string(REGEX MATCHALL "CMake (Error|Warning|Deprecation)" problems "${error}")
  list(LENGTH problems count)
  read_message(message)
  if(NOT message STREQUAL expected OR NOT count EQUAL 1)
    fail("it must fail with this message and nothing else" "${expected}" "${message}")
  endif()
endfunction()

function(judge_success)
  if(NOT status EQUAL 0 OR NOT "${error}" STREQUAL "")
    fail("it must configure in silence" "exit status 0" "exit status ${status}")
  endif()
  set(CONFIGURATION "")
  set(ROOT "${BUILD}/cairn")
  set(NINJA_FILE build.ninja)
  if(generator STREQUAL "Ninja")
    include("${CASE}/check.cmake")
    return()
  endif()
  # Each configuration of a multi-config tree has its own descriptions and its own graph.
  foreach(CONFIGURATION IN ITEMS Debug Release)
    set(ROOT "${BUILD}/cairn/${CONFIGURATION}")
    set(NINJA_FILE "build-${CONFIGURATION}.ninja")
    include("${CASE}/check.cmake")
  endforeach()
endfunction()

set(generator "${GENERATOR}")
set(environment "")
set(options --no-warn-unused-cli "-DIMAGES=${IMAGES}" "-DCAIRN_ENGINE_FILE=${SUPPORT}/engine.json")
if(generator STREQUAL "Ninja Multi-Config")
  list(APPEND options "-DCMAKE_CONFIGURATION_TYPES=Debug\\;Release")
endif()
if(MODE STREQUAL "fetch")
  list(
    APPEND options
    "-DCAIRN_FETCHED=${CAIRN}"
    "-DCMAKE_PROJECT_TOP_LEVEL_INCLUDES=${SUPPORT}/fetch_content.cmake"
  )
else()
  list(APPEND options "-DCMAKE_PREFIX_PATH=${PREFIX}")
endif()
include("${CASE}/options.cmake" OPTIONAL)

file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")
configure()
if(EXISTS "${CASE}/expected.txt")
  judge_failure()
else()
  judge_success()
endif()
file(REMOVE_RECURSE "${WORK}")
