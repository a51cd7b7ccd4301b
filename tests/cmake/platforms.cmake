# cmake -D CAIRN=<this project> -P platforms.cmake: CMake's names of platforms are the tool's.
cmake_minimum_required(VERSION 3.25)
include("${CAIRN}/cmake/cairn/detail/platforms.cmake")

file(STRINGS "${CAIRN}/tests/unit/oci/platforms.txt" rows REGEX "^[^#]")
list(LENGTH rows count)
if(count LESS 20)
  message(FATAL_ERROR "the table of platforms has ${count} rows")
endif()
foreach(row IN LISTS rows)
  string(REPLACE " " ";" row "${row}")
  list(POP_FRONT row written expected_platform expected_arch)
  _cairn_normal_platform(platform "${written}")
  _cairn_arch_name(arch "${platform}")
  if(NOT "${platform} ${arch}" STREQUAL "${expected_platform} ${expected_arch}")
    message(
      SEND_ERROR
      "${written}: expected ${expected_platform} ${expected_arch}, got ${platform} ${arch}"
    )
  endif()
endforeach()
