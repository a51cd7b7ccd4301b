# cmake -D BUILD=… -D CONFIG=… -D COMPONENTS=a,b -D FOLDER=… -P stage_install.cmake: installs into
# FOLDER/tree. FOLDER/stamp lists the files with modes and digests; it is rewritten, and the tree
# replaced, only when they differ.
cmake_minimum_required(VERSION 3.25)

set(new "${FOLDER}/new")
file(REMOVE_RECURSE "${new}")
file(MAKE_DIRECTORY "${new}")
set(config "")
if(NOT "${CONFIG}" STREQUAL "")
  set(config --config "${CONFIG}")
endif()
string(REPLACE "," ";" runs "${COMPONENTS}")
list(TRANSFORM runs PREPEND "--component=")
if(NOT runs)
  set(runs "--prefix=${new}")
endif()
foreach(run IN LISTS runs)
  string(REGEX REPLACE "^--component=" "--component;" run "${run}")
  string(REGEX REPLACE "^--prefix=.*" "" run "${run}")
  execute_process(
    COMMAND
      "${CMAKE_COMMAND}" -E env --unset=DESTDIR "${CMAKE_COMMAND}" --install "${BUILD}" --prefix
      "${new}" ${config} ${run}
    RESULT_VARIABLE status
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output
  )
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${output}")
  endif()
endforeach()

# Names may hold what CMake takes for its own in lists, so they never come into a variable as one.
execute_process(
  COMMAND find . -not -type d -print -quit
  WORKING_DIRECTORY "${new}"
  OUTPUT_VARIABLE first
  COMMAND_ERROR_IS_FATAL ANY
)
if("${first}" STREQUAL "")
  message(FATAL_ERROR "nothing is installed by component '${COMPONENTS}' of ${BUILD}")
endif()
# Links and modes count too.
set(
  sort
  "${CMAKE_COMMAND}"
  -E
  env
  LC_ALL=C
  sort
  -z
)
execute_process(
  COMMAND find . -printf "%y %m %l %P\\0"
  COMMAND ${sort}
  COMMAND tr "\\0" "\\n"
  WORKING_DIRECTORY "${new}"
  OUTPUT_FILE "${FOLDER}/shape"
  COMMAND_ERROR_IS_FATAL ANY
)
execute_process(
  COMMAND find . -type f -print0
  COMMAND ${sort}
  COMMAND xargs -0 -r sha256sum
  WORKING_DIRECTORY "${new}"
  OUTPUT_FILE "${FOLDER}/digests"
  COMMAND_ERROR_IS_FATAL ANY
)
execute_process(
  COMMAND "${CMAKE_COMMAND}" -E cat "${FOLDER}/shape" "${FOLDER}/digests"
  OUTPUT_FILE "${FOLDER}/new-stamp"
  COMMAND_ERROR_IS_FATAL ANY
)
file(REMOVE "${FOLDER}/shape" "${FOLDER}/digests")

execute_process(
  COMMAND "${CMAKE_COMMAND}" -E compare_files "${FOLDER}/stamp" "${FOLDER}/new-stamp"
  RESULT_VARIABLE differs
  OUTPUT_QUIET
  ERROR_QUIET
)
if(differs EQUAL 0 AND IS_DIRECTORY "${FOLDER}/tree")
  file(REMOVE_RECURSE "${new}")
  file(REMOVE "${FOLDER}/new-stamp")
else()
  # In this order: a stamp never stands beside a tree that is not its own.
  file(REMOVE "${FOLDER}/stamp")
  file(REMOVE_RECURSE "${FOLDER}/tree")
  file(RENAME "${new}" "${FOLDER}/tree")
  file(RENAME "${FOLDER}/new-stamp" "${FOLDER}/stamp")
endif()
