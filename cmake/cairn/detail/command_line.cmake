# Command lines given as one string.
include_guard(GLOBAL)

# _cairn_command_words(<out> <item>...): one string is one command line, split as a shell would;
# several words are taken as they are.
function(_cairn_command_words out)
  list(LENGTH ARGN count)
  if(NOT count EQUAL 1 OR NOT ARGN MATCHES "[ \t\n]")
    set(${out} "${ARGN}" PARENT_SCOPE)
    return()
  endif()
  string(ASCII 4 backslash)
  string(REPLACE "${backslash}" "\\" line "${ARGN}")
  if(line MATCHES "['\"]")
    _cairn_keep_quoted_backslashes(line)
  endif()
  separate_arguments(split UNIX_COMMAND "${line}")
  set(words "")
  foreach(word IN LISTS split)
    _cairn_encode(word "${word}")
    list(APPEND words "${word}")
  endforeach()
  set(${out} "${words}" PARENT_SCOPE)
endfunction()

# CMake takes a backslash in quotes away where a shell keeps it: always between single quotes, and
# between double quotes but before one of " \ $ `. Doubling those makes the two agree.
function(_cairn_keep_quoted_backslashes line_variable)
  set(rest "${${line_variable}}")
  set(text "")
  string(ASCII 6 pair)
  while(rest MATCHES "^([^\\'\"]*)('[^']*'|\"([^\\\"]|\\\\.)*\"|\\\\.)")
    set(plain "${CMAKE_MATCH_1}")
    set(quoted "${CMAKE_MATCH_2}")
    string(LENGTH "${CMAKE_MATCH_0}" length)
    string(SUBSTRING "${rest}" ${length} -1 rest)
    if(quoted MATCHES "^'")
      string(REPLACE "\\" "\\\\" quoted "${quoted}")
    elseif(quoted MATCHES "^\"")
      string(REPLACE "\\\\" "${pair}" quoted "${quoted}")
      string(REGEX REPLACE "\\\\([^\"$`])" "\\\\\\\\\\1" quoted "${quoted}")
      string(REPLACE "${pair}" "\\\\" quoted "${quoted}")
    endif()
    string(APPEND text "${plain}${quoted}")
  endwhile()
  if(rest MATCHES "['\"]")
    _cairn_fail(
      "a quote is not closed in '${${line_variable}}'"
      "Close it, or write the command as several words."
    )
  endif()
  set(${line_variable} "${text}${rest}" PARENT_SCOPE)
endfunction()
