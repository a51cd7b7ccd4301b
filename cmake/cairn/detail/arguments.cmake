# Parsing and checking of arguments, the same for every public function.
# Arguments are encoded at entry: an unbalanced '[' swallows the list items behind it, ';' and a
# backslash split or join items after a property round trip, an empty value vanishes (all seen on
# CMake 3.25). Each becomes one control character; text.cmake takes them back.
include_guard(GLOBAL)

# Encodes the arguments of the calling function into `arg_words`. A macro because ARGV0, ARGV1, …
# of the caller are the point; `arg_argv` and `arg_argc` keep the macro's own ARGV out of the way.
macro(_cairn_encode_arguments)
  set(arg_argv ARGV)
  set(arg_argc ARGC)
  set(arg_words "${${arg_argv}}")
  list(LENGTH arg_words arg_length)
  if(NOT arg_length EQUAL ${${arg_argc}} OR "${arg_words}" MATCHES "[][\\]|;;|;$")
    set(arg_words "")
    set(arg_index 0)
    while(arg_index LESS ${${arg_argc}})
      _cairn_encode(arg_word "${${arg_argv}${arg_index}}")
      list(APPEND arg_words "${arg_word}")
      math(EXPR arg_index "${arg_index} + 1")
    endwhile()
  endif()
endmacro()

# _cairn_parse_arguments(<positional> <flags> <one> <multi> <required>): parses the arguments of
# the calling function into arg_<name> for the positional ones and arg_<KEYWORD>, and stops on
# whatever is unknown, missing or given twice. `arg_given` lists the keywords that were given;
# flags are always defined. A macro because the caller's arguments and variables are the point.
macro(
  _cairn_parse_arguments
  arg_positional_
  arg_flags_
  arg_one_
  arg_multi_
  arg_required_
)
  _cairn_encode_arguments()
  set(arg_positional "${arg_positional_}")
  set(arg_flags "${arg_flags_}")
  set(arg_one "${arg_one_}")
  set(arg_multi "${arg_multi_}")
  set(arg_required "${arg_required_}")
  set(arg_keywords ${arg_flags} ${arg_one} ${arg_multi})
  foreach(arg_name IN LISTS arg_positional)
    list(POP_FRONT arg_words arg_${arg_name})
    if(NOT DEFINED arg_${arg_name} OR arg_${arg_name} IN_LIST arg_keywords)
      _cairn_fail_usage("no <${arg_name}> is given")
    endif()
  endforeach()
  cmake_parse_arguments(arg "${arg_flags}" "${arg_one}" "${arg_multi}" ${arg_words})
  set(arg_given "")
  if(NOT "${arg_words}" STREQUAL "")
    foreach(arg_name IN LISTS arg_one arg_multi)
      if(DEFINED arg_${arg_name})
        list(APPEND arg_given ${arg_name})
      endif()
    endforeach()
    set(arg_unique "${arg_words}")
    list(REMOVE_DUPLICATES arg_unique)
    if(
      NOT "${arg_unique}" STREQUAL "${arg_words}"
      OR DEFINED arg_UNPARSED_ARGUMENTS
      OR DEFINED arg_KEYWORDS_MISSING_VALUES
    )
      _cairn_check_words()
    endif()
    if("COMMAND" IN_LIST arg_multi)
      _cairn_check_swallowed()
    endif()
  endif()
  foreach(arg_name IN LISTS arg_required)
    if(NOT DEFINED arg_${arg_name})
      _cairn_fail_usage("'${arg_name}' is missing")
    endif()
  endforeach()
endmacro()

# Finds out what is wrong with the caller's words, and says it; duplicated values are no mistake.
function(_cairn_check_words)
  set(seen "")
  set(current "")
  set(valued FALSE)
  foreach(word IN LISTS arg_words)
    if(word IN_LIST arg_keywords)
      if(word IN_LIST seen)
        if(current STREQUAL "COMMAND" OR current STREQUAL "HOST_COMMAND")
          _cairn_fail_swallowed("${current}" "${word}")
        elseif("COMMAND" IN_LIST seen OR "HOST_COMMAND" IN_LIST seen)
          _cairn_fail_swallowed("COMMAND" "${word}")
        endif()
        _cairn_fail("'${word}' is given twice" "Write it once.")
      endif()
      if(current IN_LIST arg_KEYWORDS_MISSING_VALUES AND NOT valued)
        _cairn_fail("'${current}' has no value"
          "A value must stand between '${current}' and '${word}'."
        )
      endif()
      list(APPEND seen "${word}")
      if(word IN_LIST arg_KEYWORDS_MISSING_VALUES AND current MATCHES "^(HOST_)?COMMAND$")
        _cairn_fail_swallowed("${current}" "${word}")
      endif()
      set(current "${word}")
      set(valued FALSE)
    else()
      set(valued TRUE)
    endif()
  endforeach()
  if(DEFINED arg_KEYWORDS_MISSING_VALUES)
    list(GET arg_KEYWORDS_MISSING_VALUES 0 word)
    _cairn_fail("'${word}' has no value" "Write a value behind it, or leave it out.")
  endif()
  if(DEFINED arg_UNPARSED_ARGUMENTS)
    list(GET arg_UNPARSED_ARGUMENTS 0 word)
    _cairn_fail_usage("unknown argument '${word}'")
  endif()
endfunction()
