# What add_docker_image, add_docker_variant and add_docker_rootfs share.
include_guard(GLOBAL)

# _cairn_check_target(<target> <image>): the target's name is free and can be one.
function(_cairn_check_target target image)
  if(NOT target MATCHES "^[A-Za-z0-9_.+-]+$")
    _cairn_fail(
      "invalid target name '${target}'"
      "Expected letters, digits, '_', '.', '+' and '-'; the image's name may differ: NAME <image>."
    )
  endif()
  if(NOT TARGET "${target}")
    return()
  endif()
  get_target_property(other "${target}" CAIRN_IMAGE)
  if(other)
    _cairn_fail("image target '${target}' is declared twice" "Give one of them another name.")
  endif()
  list(GET CMAKE_MESSAGE_CONTEXT -1 function)
  if(function STREQUAL "add_docker_variant")
    _cairn_fail(
      "target '${target}' exists already and is not an image"
      "A variant's target is <target>-<variant>: rename the other one."
    )
  endif()
  _cairn_fail(
    "target '${target}' exists already and is not an image"
    "Write: ${function}(${target}-image NAME ${image} …)"
  )
endfunction()

# _cairn_check_image_name(<image>): one or more components of the OCI grammar.
function(_cairn_check_image_name image)
  set(component "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*")
  if(NOT image MATCHES "^${component}(/${component})*$")
    _cairn_fail(
      "invalid image name '${image}'"
      "Expected lower-case letters and digits, with '.', '_', '__' or '-' between them."
    )
  endif()
endfunction()

# _cairn_check_tag(<what> <tag>): the tag grammar; `{…}` stands for letters and digits.
function(_cairn_check_tag what tag)
  string(REGEX REPLACE "{[a-z]+(:[0-9]+)?}" "0" plain "${tag}")
  if(NOT plain MATCHES "^[A-Za-z0-9_][A-Za-z0-9_.-]*$")
    _cairn_fail(
      "invalid ${what} '${tag}'"
      "Expected letters, digits, '_', '.' and '-', beginning with a letter, digit or '_'."
    )
  endif()
  string(LENGTH "${plain}" length)
  if(length GREATER 128)
    _cairn_fail("${what} '${tag}' is longer than 128 characters" "Shorten it.")
  endif()
endfunction()

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
  if(NOT EXISTS "${arg_DOCKERFILE}")
    if(NOT IS_DIRECTORY "${arg_CONTEXT}")
      _cairn_fail(
        "the context folder of '${arg_target}' is missing"
        "Looked for: ${arg_CONTEXT}"
        "Make it, or name another one: CONTEXT <folder>."
      )
    endif()
    _cairn_fail(
      "the Dockerfile of '${arg_target}' is missing"
      "Looked for: ${arg_DOCKERFILE}"
      "Make it, or name another one: DOCKERFILE <file>."
    )
  endif()
  set(arg_CONTEXT "${arg_CONTEXT}" PARENT_SCOPE)
  set(arg_DOCKERFILE "${arg_DOCKERFILE}" PARENT_SCOPE)
endfunction()

# _cairn_check_values(): the keywords of the caller that hold pairs, platforms or choices.
function(_cairn_check_values)
  foreach(keyword IN ITEMS BUILD_ARGS LABELS SECRETS)
    if(DEFINED arg_${keyword})
      _cairn_check_pairs(${keyword} ${arg_${keyword}})
    endif()
  endforeach()
  if(DEFINED arg_SECRETS)
    _cairn_absolute_secrets(arg_SECRETS)
    set(arg_SECRETS "${arg_SECRETS}" PARENT_SCOPE)
  endif()
  if(DEFINED arg_ADDED_HOSTS)
    _cairn_check_hosts(${arg_ADDED_HOSTS})
  endif()
  if(DEFINED arg_PLATFORMS)
    _cairn_normal_platforms(arg_PLATFORMS)
    set(arg_PLATFORMS "${arg_PLATFORMS}" PARENT_SCOPE)
  endif()
  if(DEFINED arg_REFRESH)
    _cairn_check_choice(arg_REFRESH never daily weekly monthly)
  endif()
endfunction()

# _cairn_declare_image(<target> <stack> <image> <variant>): the target with its properties. What
# the target stands on is known at the end of the configuration and read then by generator
# expression, so that setters work before or after, from any folder.
function(_cairn_declare_image target stack image variant)
  get_property(other GLOBAL PROPERTY "_CAIRN_NAME_${stack}/${image}/${variant}")
  if(other)
    _cairn_fail(
      "image '${image}' of stack '${stack}' has two targets, '${other}' and '${target}'"
      "Give one of them another name (NAME <image>), or make it a variant: add_docker_variant(${other} <variant>)."
    )
  endif()
  set_property(GLOBAL PROPERTY "_CAIRN_NAME_${stack}/${image}/${variant}" "${target}")
  get_property(all TARGET "cairn::stack::${stack}" PROPERTY CAIRN_ALL)
  set(in_all "")
  if(all)
    set(in_all ALL)
  endif()
  add_custom_target(
    "${target}" ${in_all}
    DEPENDS "$<TARGET_GENEX_EVAL:${target},$<TARGET_PROPERTY:${target},CAIRN_OUTPUTS>>"
  )
  set_target_properties(
    "${target}"
    PROPERTIES
      CAIRN_IMAGE "${image}"
      CAIRN_VARIANT "${variant}"
      CAIRN_STACK "${stack}"
      CAIRN_DECLARED_AT "${CMAKE_CURRENT_LIST_FILE}"
      CAIRN_OUTPUTS ""
  )
  set_property(GLOBAL APPEND PROPERTY _CAIRN_IMAGES "${target}")
  set_property(TARGET "cairn::stack::${stack}" APPEND PROPERTY CAIRN_MEMBERS "${target}")
endfunction()
