# The kinds of tests, and which keywords belong to each.
include_guard(GLOBAL)

# _cairn_find_test_kind(<out>): command, service, host, script or structure.
function(_cairn_find_test_kind out)
  set(kinds "")
  if(DEFINED arg_HOST_COMMAND)
    list(APPEND kinds host)
  endif()
  if(DEFINED arg_SCRIPT)
    list(APPEND kinds script)
  endif()
  if(DEFINED arg_STRUCTURE)
    list(APPEND kinds structure)
  endif()
  if(arg_DETACHED)
    list(APPEND kinds service)
  elseif(DEFINED arg_COMMAND)
    list(APPEND kinds command)
  endif()
  list(LENGTH kinds count)
  if(NOT count EQUAL 1)
    set(what "has no kind")
    if(count GREATER 1)
      list(JOIN kinds ", " what)
      set(what "has several kinds: ${what}")
    endif()
    _cairn_fail(
      "test '${arg_test}' ${what}"
      "Write one of: COMMAND <word>…, DETACHED, HOST_COMMAND <word>…, SCRIPT <file>, STRUCTURE <file.yaml>."
    )
  endif()
  set(${out} "${kinds}" PARENT_SCOPE)
endfunction()

# _cairn_check_test_keywords(<kind>): keywords of another kind, bad numbers, missing files.
function(_cairn_check_test_keywords kind)
  set(
    container
    COMMAND
    ENVIRONMENT
    ENTRYPOINT
    USER
    WORKING_DIR
    NETWORK
    RUN_FLAGS
  )
  set(
    output
    EXPECT_EXIT
    EXPECT_STDOUT
    EXPECT_STDERR
    REJECT_STDOUT
    REJECT_STDERR
  )
  set(of_command ${container} ${output})
  set(
    of_service
    ${container}
    WAIT_HEALTHY
    WAIT_PORT
    PORT
    HTTP_GET
    EXPECT_STATUS
    EXPECT_BODY
  )
  set(of_script ${container} ${output} SCRIPT INTERPRETER)
  list(REMOVE_ITEM of_script COMMAND)
  set(of_host HOST_COMMAND JUNIT WORKING_DIR)
  set(of_structure STRUCTURE)
  set(
    accepted
    ${of_${kind}}
    IMAGE
    TIMEOUT
    INPUTS
    PLATFORMS
    VARIANTS
  )
  foreach(keyword IN LISTS arg_given)
    if(NOT keyword IN_LIST accepted)
      list(JOIN accepted " " accepted)
      _cairn_fail("'${keyword}' does not go with a ${kind} test" "Keywords: ${accepted}")
    endif()
  endforeach()
  foreach(flag IN ITEMS NO_WARNINGS TTY)
    if(arg_${flag} AND NOT kind MATCHES "^(command|script)$")
      _cairn_fail("'${flag}' does not go with a ${kind} test" "It goes with COMMAND and SCRIPT.")
    endif()
  endforeach()
  foreach(
    keyword
    IN
    ITEMS TIMEOUT EXPECT_EXIT WAIT_HEALTHY WAIT_PORT PORT EXPECT_STATUS
  )
    if(DEFINED arg_${keyword} AND NOT arg_${keyword} MATCHES "^(0|[1-9][0-9]*)$")
      _cairn_fail("'${keyword}' is '${arg_${keyword}}'" "Expected a whole number.")
    endif()
  endforeach()
  if(DEFINED arg_ENVIRONMENT)
    _cairn_check_pairs(ENVIRONMENT ${arg_ENVIRONMENT})
  endif()
  if(DEFINED arg_JUNIT AND NOT arg_JUNIT STREQUAL "{junit}")
    _cairn_fail("'JUNIT' is '${arg_JUNIT}'" "Write: JUNIT {junit}, and {junit} in HOST_COMMAND.")
  endif()
  _cairn_check_patterns(EXPECT_STDOUT EXPECT_STDERR REJECT_STDOUT REJECT_STDERR EXPECT_BODY)
  if(kind STREQUAL "service")
    _cairn_check_service()
  endif()
  foreach(keyword IN ITEMS SCRIPT STRUCTURE INPUTS)
    if(DEFINED arg_${keyword})
      _cairn_absolute(arg_${keyword})
      foreach(path IN LISTS arg_${keyword})
        if(NOT path MATCHES "\\$<" AND NOT EXISTS "${path}")
          _cairn_fail("'${path}' in '${keyword}' does not exist" "Make it, or name another one.")
        endif()
      endforeach()
      set(arg_${keyword} "${arg_${keyword}}" PARENT_SCOPE)
    endif()
  endforeach()
  if(NOT DEFINED arg_TIMEOUT)
    set(arg_TIMEOUT 300 PARENT_SCOPE)
  endif()
endfunction()
