# What add_docker_rootfs refuses.
include_guard(GLOBAL)

# _cairn_check_rootfs(): names that go to mmdebstrap, in the caller's arg_…; defaults are filled in.
function(_cairn_check_rootfs)
  if(NOT arg_SUITE MATCHES "^[a-z][a-z0-9.-]*$")
    _cairn_fail(
      "invalid suite '${arg_SUITE}'"
      "Expected the name of a Debian release: SUITE bookworm"
    )
  endif()
  foreach(keyword IN ITEMS INCLUDE COMPONENTS)
    foreach(name IN LISTS arg_${keyword})
      if(NOT name MATCHES "^[a-z0-9][a-z0-9.+:-]*$")
        _cairn_fail(
          "invalid name '${name}' in '${keyword}'"
          "Expected lower-case letters, digits, '.', '+', ':' and '-'; one name a word."
        )
      endif()
    endforeach()
  endforeach()
  if(NOT DEFINED arg_MIRROR)
    set(arg_MIRROR "${CAIRN_DEBIAN_MIRROR}")
  endif()
  if(NOT DEFINED arg_SECURITY_MIRROR)
    string(REGEX REPLACE "/debian(/|$)" "/debian-security\\1" arg_SECURITY_MIRROR "${arg_MIRROR}")
  endif()
  foreach(keyword IN ITEMS MIRROR SECURITY_MIRROR)
    if(NOT arg_${keyword} MATCHES "^(https?|file|copy)://?[^ ]+$")
      _cairn_fail(
        "invalid mirror '${arg_${keyword}}'"
        "Expected a URL: MIRROR http://<host>/debian"
      )
    endif()
  endforeach()
  if(arg_SECURITY_MIRROR STREQUAL arg_MIRROR AND NOT arg_NO_UPDATES)
    _cairn_fail(
      "the security updates of mirror '${arg_MIRROR}' are not known"
      "Write: SECURITY_MIRROR <url>, or NO_UPDATES."
    )
  endif()
  if(DEFINED arg_KEYRING)
    _cairn_absolute(arg_KEYRING)
    if(NOT EXISTS "${arg_KEYRING}")
      _cairn_fail("the keyring '${arg_KEYRING}' does not exist" "Write: KEYRING <file>")
    endif()
  endif()
  _cairn_default(VARIANT minbase)
  _cairn_default(COMPONENTS main)
  _cairn_default(INCLUDE "")
  _cairn_default(KEYRING "")
  return(
    PROPAGATE arg_MIRROR arg_SECURITY_MIRROR arg_KEYRING arg_VARIANT arg_COMPONENTS arg_INCLUDE
  )
endfunction()

function(_cairn_default keyword value)
  if(NOT DEFINED arg_${keyword})
    set(arg_${keyword} "${value}" PARENT_SCOPE)
  endif()
endfunction()

# A family that is built by default must be buildable; else the build of the image says it.
function(_cairn_require_mmdebstrap stack)
  find_program(program NAMES mmdebstrap NO_CACHE)
  _cairn_stack_property(all "${stack}" ALL)
  if(NOT program AND all AND "${CAIRN_RECORDS_FROM}" STREQUAL "")
    _cairn_fail(
      "'mmdebstrap' is not installed; '${arg_target}' is bootstrapped by it"
      "Install it: apt-get install mmdebstrap"
      "or take an image: -DCAIRN_ROOT_IMAGE=<reference>"
    )
  endif()
endfunction()
