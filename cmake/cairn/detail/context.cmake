# Where an image's recipe and context are.
include_guard(GLOBAL)

# _cairn_find_context(<default folder>): arg_CONTEXT and arg_DOCKERFILE of the caller, absolute and
# there. A context elsewhere than on this disk cannot be keyed.
function(_cairn_find_context default)
  if(NOT DEFINED arg_CONTEXT)
    set(arg_CONTEXT "${default}")
  elseif(arg_CONTEXT MATCHES "^(git@|[a-z+]+://)|\\.git(#.*)?$")
    _cairn_fail(
      "the context '${arg_CONTEXT}' is not a folder of this machine"
      "Fetch it first (git submodule, FetchContent), then name the folder: CONTEXT <folder>."
    )
  else()
    cmake_path(ABSOLUTE_PATH arg_CONTEXT NORMALIZE)
    string(REGEX REPLACE "(.)/$" "\\1" arg_CONTEXT "${arg_CONTEXT}")
  endif()
  if(DEFINED arg_DOCKERFILE)
    cmake_path(ABSOLUTE_PATH arg_DOCKERFILE BASE_DIRECTORY "${arg_CONTEXT}" NORMALIZE)
  elseif(EXISTS "${arg_CONTEXT}/Containerfile" AND NOT EXISTS "${arg_CONTEXT}/Dockerfile")
    set(arg_DOCKERFILE "${arg_CONTEXT}/Containerfile")
  else()
    set(arg_DOCKERFILE "${arg_CONTEXT}/Dockerfile")
  endif()
  if(NOT IS_DIRECTORY "${arg_CONTEXT}")
    _cairn_fail(
      "the context folder of '${arg_target}' is missing"
      "Looked for: ${arg_CONTEXT}"
      "Make it, or name another one: CONTEXT <folder>."
    )
  endif()
  if(NOT EXISTS "${arg_DOCKERFILE}")
    _cairn_fail(
      "the Dockerfile of '${arg_target}' is missing"
      "Looked for: ${arg_DOCKERFILE}"
      "Make it, or name another one: DOCKERFILE <file>."
    )
  endif()
  set(arg_CONTEXT "${arg_CONTEXT}" PARENT_SCOPE)
  set(arg_DOCKERFILE "${arg_DOCKERFILE}" PARENT_SCOPE)
endfunction()
