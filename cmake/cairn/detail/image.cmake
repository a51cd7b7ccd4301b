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
  get_property(reserved GLOBAL PROPERTY _CAIRN_RESERVED)
  if(target IN_LIST reserved)
    _cairn_fail_taken(
      "the target '${target}' is not an image's: CMake or a stack makes it"
      "give one of them another name."
    )
  endif()
  if(NOT TARGET "${target}")
    return()
  endif()
  get_target_property(other "${target}" CAIRN_IMAGE)
  if(other)
    _cairn_fail("image target '${target}' is declared twice" "Give one of them another name.")
  endif()
  _cairn_fail_taken(
    "target '${target}' exists already and is not an image"
    "rename the other one."
  )
endfunction()

# The caller's `target` needs another name; what to do about a variant's is said by `rename`.
function(_cairn_fail_taken text rename)
  list(GET CMAKE_MESSAGE_CONTEXT -1 function)
  set(hint "Write: ${function}(${target}-image NAME ${image} …)")
  if(function STREQUAL "add_docker_variant")
    set(hint "A variant's target is <target>-<variant>: ${rename}")
  endif()
  _cairn_fail("${text}" "${hint}")
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

# _cairn_check_placeholder(<what> <tag> <name> <pattern> <who> <known>): what `who` can fill.
function(
  _cairn_check_placeholder
  what
  tag
  name
  pattern
  who
  known
)
  if(NOT name MATCHES "^{(${pattern})}$")
    _cairn_fail("${what} '${tag}' asks for '${name}', which no ${who} knows" "Known: ${known}")
  endif()
endfunction()

# _cairn_check_values(): the keywords of the caller that hold pairs, platforms or choices.
function(_cairn_check_values)
  if("${arg_given}" STREQUAL "")
    return()
  endif()
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
  if(DEFINED arg_SKEW)
    _cairn_check_choice(arg_SKEW withhold partial)
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
  # In `all` by the stack's aggregate: once is enough for Ninja.
  add_custom_target(
    "${target}"
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
