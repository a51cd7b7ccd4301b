# How a public function says what is wrong with a call, and what to type instead.
include_guard(GLOBAL)

function(_cairn_fail_swallowed command keyword)
  _cairn_fail(
    "'${command}' contains the keyword '${keyword}'; quote the whole command line"
    "Write: ${command} \"<program> … ${keyword} …\""
  )
endfunction()

# Says what is wrong together with what the function accepts.
function(_cairn_fail_usage text)
  list(GET CMAKE_MESSAGE_CONTEXT -1 function)
  set(usage "")
  foreach(name IN LISTS arg_positional)
    string(APPEND usage " <${name}>")
  endforeach()
  string(SUBSTRING "${usage}" 1 -1 usage)
  foreach(keyword IN LISTS arg_required)
    string(APPEND usage " ${keyword} <value>")
  endforeach()
  set(hints "Write: ${function}(${usage} …)")
  if(arg_keywords)
    list(JOIN arg_keywords " " accepted)
    list(APPEND hints "Keywords: ${accepted}")
  endif()
  _cairn_fail("${text}" ${hints})
endfunction()

# _cairn_fail(<text> [<hint line>...]): stops the configuration. The name of the function that
# refuses comes from CMAKE_MESSAGE_CONTEXT; the text is indented so that CMake does not wrap it.
function(_cairn_fail text)
  list(GET CMAKE_MESSAGE_CONTEXT -1 function)
  set(message "  ${function}: ${text}.")
  # One by one: a hint may have a ';'.
  set(index 1)
  while(index LESS ARGC)
    string(APPEND message "\n    ${ARGV${index}}")
    math(EXPR index "${index} + 1")
  endwhile()
  _cairn_decode(message "${message}")
  message(FATAL_ERROR "${message}")
endfunction()
