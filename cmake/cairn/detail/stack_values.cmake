# What add_docker_stack is given, checked.
include_guard(GLOBAL)

# _cairn_check_stack_values(): the keywords of the caller that hold choices, platforms, paths or
# tags; those of a release are in release_values.cmake.
function(_cairn_check_stack_values)
  if(DEFINED arg_PLATFORMS)
    _cairn_normal_platforms(arg_PLATFORMS)
  endif()
  if(DEFINED arg_SKEW)
    _cairn_check_choice(arg_SKEW withhold partial)
  endif()
  if(DEFINED arg_REFRESH)
    _cairn_check_choice(arg_REFRESH never daily weekly monthly)
  endif()
  if(DEFINED arg_COMPRESSION)
    _cairn_check_choice(arg_COMPRESSION gzip zstd)
  endif()
  if(DEFINED arg_CONTEXT_ROOT)
    _cairn_absolute(arg_CONTEXT_ROOT)
  else()
    set(arg_CONTEXT_ROOT "${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  if(NOT DEFINED arg_LOCK)
    set(arg_LOCK cairn.lock)
  endif()
  _cairn_absolute(arg_LOCK)
  _cairn_stack_front(REGISTRY "[A-Za-z0-9.-]+(:[0-9]+)?")
  _cairn_stack_front(OWNER "[a-z0-9]+([._/-]+[a-z0-9]+)*")
  return(
    PROPAGATE arg_PLATFORMS arg_CONTEXT_ROOT arg_LOCK arg_REGISTRY arg_OWNER
  )
endfunction()

# REGISTRY or OWNER of the caller: the cache variable goes before the keyword.
function(_cairn_stack_front keyword grammar)
  set(value "")
  if(NOT CAIRN_${keyword} STREQUAL "")
    set(value "${CAIRN_${keyword}}")
  elseif(DEFINED arg_${keyword})
    set(value "${arg_${keyword}}")
  endif()
  if(NOT "${value}" STREQUAL "" AND NOT value MATCHES "^${grammar}$")
    _cairn_fail(
      "invalid ${keyword} '${value}'"
      "Expected the form of 'quay.io' for REGISTRY and of 'jupyter' for OWNER."
    )
  endif()
  set(arg_${keyword} "${value}" PARENT_SCOPE)
endfunction()
