# Finding the stack and the images that a call speaks of.
include_guard(GLOBAL)

# _cairn_current_stack(<out>): the stack of this folder; stops when there is none.
function(_cairn_current_stack out)
  get_property(stack DIRECTORY PROPERTY CAIRN_STACK)
  if("${stack}" STREQUAL "")
    _cairn_fail(
      "no stack is declared in this folder or above it"
      "Write first: add_docker_stack(<name> REGISTRY <host> OWNER <owner>)"
    )
  endif()
  set(${out} "${stack}" PARENT_SCOPE)
endfunction()

# _cairn_require_image(<target>): stops unless `target` is an image.
function(_cairn_require_image target)
  if(TARGET "${target}")
    get_target_property(image "${target}" CAIRN_IMAGE)
    if(image)
      return()
    endif()
    _cairn_fail(
      "target '${target}' is not an image"
      "Images come from add_docker_image, add_docker_variant and add_docker_rootfs."
    )
  endif()
  get_property(images GLOBAL PROPERTY _CAIRN_IMAGES)
  list(JOIN images ", " images)
  _cairn_fail(
    "there is no image target '${target}'"
    "Write first: add_docker_image(${target} …)"
    "Declared so far: ${images}"
  )
endfunction()

# _cairn_require_word(<what> <name>): names that become file names and parts of tags.
function(_cairn_require_word what name)
  if(NOT name MATCHES "^[A-Za-z0-9_][A-Za-z0-9_.-]*$")
    _cairn_fail(
      "invalid ${what} '${name}'"
      "Expected letters, digits, '_', '.' and '-', beginning with a letter, digit or '_'."
    )
  endif()
endfunction()

# _cairn_absolute(<list variable>): paths of the current source folder, made absolute.
function(_cairn_absolute list)
  set(result "")
  foreach(path IN LISTS ${list})
    if(NOT path MATCHES "^(/|\\$<)")
      cmake_path(ABSOLUTE_PATH path NORMALIZE)
    endif()
    list(APPEND result "${path}")
  endforeach()
  set(${list} "${result}" PARENT_SCOPE)
endfunction()

# _cairn_stack_property(<out> <stack> <property>): empty when it was not given.
function(_cairn_stack_property out stack property)
  get_property(value TARGET "cairn::stack::${stack}" PROPERTY "CAIRN_${property}")
  set(${out} "${value}" PARENT_SCOPE)
endfunction()
