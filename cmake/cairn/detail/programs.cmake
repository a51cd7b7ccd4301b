# Finding and asking programs.
include_guard(GLOBAL)

# _cairn_find_programs(<out> <name>): every program of that name on PATH, each file once.
function(_cairn_find_programs out name)
  set(found "")
  set(seen "")
  string(REPLACE ":" ";" folders "$ENV{PATH}")
  foreach(folder IN LISTS folders)
    if(EXISTS "${folder}/${name}" AND NOT IS_DIRECTORY "${folder}/${name}")
      file(REAL_PATH "${folder}/${name}" real)
      if(NOT real IN_LIST seen)
        list(APPEND seen "${real}")
        list(APPEND found "${folder}/${name}")
      endif()
    endif()
  endforeach()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

# _cairn_ask(<out> <seconds> <word>...): stdout of a command, empty when it fails.
function(_cairn_ask out seconds)
  execute_process(
    COMMAND ${ARGN}
    RESULT_VARIABLE status
    OUTPUT_VARIABLE text
    ERROR_QUIET
    OUTPUT_STRIP_TRAILING_WHITESPACE
    TIMEOUT ${seconds}
  )
  if(NOT status STREQUAL "0")
    set(text "")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()
