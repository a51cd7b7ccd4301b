# Regular expressions of tests and probes: what can be seen of a slip before anything is built.
include_guard(GLOBAL)

# _cairn_check_patterns(<keyword>...): those of the caller have their brackets in pairs. The dialect
# is not CMake's, so nothing else is judged; the tool says the rest.
function(_cairn_check_patterns)
  string(ASCII 1 open)
  foreach(keyword IN LISTS ARGN)
    if(DEFINED arg_${keyword} AND arg_${keyword} MATCHES "[()${open}]")
      _cairn_decode(text "${arg_${keyword}}")
      # Quoting, comments and what is known only later may hold single ones.
      if(NOT text MATCHES "\\$<|\\\\[Qc]|\\(\\?#|\\(\\?[a-z]*x")
        _cairn_find_single_bracket(single "${text}")
        if(NOT single STREQUAL "")
          _cairn_fail(
            "'${keyword}' is '${text}', which is no regular expression: a '${single}' is alone"
            "Put a backslash before it where it is meant as it stands: [[\\${single}]]"
          )
        endif()
      endif()
    endif()
  endforeach()
endfunction()

function(_cairn_find_single_bracket out text)
  string(REGEX REPLACE "\\\\." "" text "${text}")
  string(REGEX REPLACE "\\[:[a-z]+:\\]" "" text "${text}")
  string(REGEX REPLACE "\\[[^]]*\\]" "" text "${text}")
  set(before "")
  while(NOT text STREQUAL before)
    set(before "${text}")
    string(REGEX REPLACE "\\([^()]*\\)" "" text "${text}")
  endwhile()
  string(REGEX MATCH "[[()]" single "${text}")
  set(${out} "${single}" PARENT_SCOPE)
endfunction()
