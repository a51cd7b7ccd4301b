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

# Links and modes count too; find prints them without any shell.
execute_process(
  COMMAND find . -printf "%y %m %l %P\\n"
  WORKING_DIRECTORY "${new}"
  OUTPUT_VARIABLE shape
  COMMAND_ERROR_IS_FATAL ANY
)
string(REPLACE "\n" ";" lines "${shape}")
list(SORT lines)
list(JOIN lines "\n" stamp)
file(GLOB_RECURSE files LIST_DIRECTORIES FALSE RELATIVE "${new}" "${new}/*")
if(NOT files)
  message(FATAL_ERROR "nothing is installed by component '${COMPONENTS}' of ${BUILD}")
endif()
list(SORT files)
foreach(file IN LISTS files)
  if(NOT IS_SYMLINK "${new}/${file}")
    file(SHA256 "${new}/${file}" digest)
    string(APPEND stamp "\n${digest} ${file}")
  endif()
endforeach()

set(old "")
if(EXISTS "${FOLDER}/stamp" AND IS_DIRECTORY "${FOLDER}/tree")
  file(READ "${FOLDER}/stamp" old)
endif()
if(old STREQUAL "${stamp}\n")
  file(REMOVE_RECURSE "${new}")
else()
  file(REMOVE_RECURSE "${FOLDER}/tree")
  file(RENAME "${new}" "${FOLDER}/tree")
  file(WRITE "${FOLDER}/stamp" "${stamp}\n")
endif()
