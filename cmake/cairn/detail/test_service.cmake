# What a test of a detached service must say.
include_guard(GLOBAL)

# A service whose start alone is looked at would pass whatever the image does.
function(_cairn_check_service)
  foreach(keyword IN ITEMS WAIT_HEALTHY WAIT_PORT PORT)
    if(DEFINED arg_${keyword} AND arg_${keyword} STREQUAL "0")
      _cairn_fail("'${keyword}' is '0'" "Expected a whole number from 1 on.")
    endif()
  endforeach()
  if(DEFINED arg_HTTP_GET AND NOT arg_HTTP_GET MATCHES "^(/|\\$<)")
    _cairn_fail(
      "'HTTP_GET' is '${arg_HTTP_GET}', which is no path"
      "Write it from '/' on: HTTP_GET /"
    )
  endif()
  foreach(keyword IN ITEMS EXPECT_STATUS EXPECT_BODY)
    if(DEFINED arg_${keyword} AND NOT DEFINED arg_HTTP_GET)
      _cairn_fail("'${keyword}' needs a request" "Write: HTTP_GET <path>")
    endif()
  endforeach()
  if(NOT DEFINED arg_WAIT_HEALTHY AND NOT DEFINED arg_WAIT_PORT AND NOT DEFINED arg_HTTP_GET)
    _cairn_fail(
      "test '${arg_test}' starts a service and checks nothing of it"
      "Write one of: WAIT_HEALTHY <seconds>, WAIT_PORT <seconds> PORT <port>, HTTP_GET <path> PORT <port>."
    )
  endif()
  foreach(keyword IN ITEMS WAIT_PORT HTTP_GET)
    if(DEFINED arg_${keyword} AND NOT DEFINED arg_PORT)
      _cairn_fail("'${keyword}' needs a port" "Write: PORT <the container's port>")
    endif()
  endforeach()
endfunction()
