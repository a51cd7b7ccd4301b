# add_docker_rootfs: how the bootstrap stands in the build graph.
include_guard(GLOBAL)

# The whole context is a recipe of one line; the image is keyed and found like any other.
function(_cairn_take_root_image folder)
  if(NOT arg_ROOT_IMAGE MATCHES "^[a-zA-Z0-9][a-zA-Z0-9._:/@-]*$")
    _cairn_fail("invalid image '${arg_ROOT_IMAGE}'" "Write: ROOT_IMAGE <reference>, as debian:12")
  endif()
  file(CONFIGURE OUTPUT "${folder}/external/Dockerfile" CONTENT "FROM ${arg_ROOT_IMAGE}\n" @ONLY)
  set(arg_CONTEXT "${folder}/external")
  set(arg_DOCKERFILE "${folder}/external/Dockerfile")
  return(PROPAGATE arg_CONTEXT arg_DOCKERFILE)
endfunction()

# The edges are made at the end of the configuration, when the platforms are known.
function(_cairn_declare_rootfs folder)
  set(sources "deb ${arg_MIRROR} ${arg_SUITE} @COMPONENTS@")
  if(NOT arg_NO_UPDATES AND NOT arg_SUITE MATCHES "^(sid|unstable|testing)$")
    list(APPEND sources "deb ${arg_MIRROR} ${arg_SUITE}-updates @COMPONENTS@")
    list(APPEND sources "deb ${arg_SECURITY_MIRROR} ${arg_SUITE}-security @COMPONENTS@")
  endif()
  list(JOIN arg_COMPONENTS " " components)
  list(TRANSFORM sources REPLACE "@COMPONENTS@" "${components}")
  list(JOIN sources "|" sources)
  list(JOIN arg_INCLUDE "," include)
  set_target_properties(
    "${arg_target}"
    PROPERTIES
      CAIRN_ROOTFS_FOLDER "${folder}"
      CAIRN_ROOTFS_OPTIONS
        "SUITE=${arg_SUITE};VARIANT=${arg_VARIANT};INCLUDE=${include};KEYRING=${arg_KEYRING};SOURCES=${sources}"
      CAIRN_SOURCE generated
      CAIRN_GENERATED_FILES "${folder}/{arch}/rootfs.tar"
  )
  add_custom_target(
    "${arg_target}-renew"
    COMMAND "${CMAKE_COMMAND}" -E rm -rf "${folder}"
    COMMENT "Forgetting the root file system of ${arg_target}"
    VERBATIM
  )
  set(arg_CONTEXT "${folder}/{arch}")
  set(arg_DOCKERFILE "${folder}/{arch}/Dockerfile")
  return(PROPAGATE arg_CONTEXT arg_DOCKERFILE)
endfunction()

# _cairn_add_rootfs_edge(): of the caller's `target`, `platform` and `arch`. One command of one line
# describes the bootstrap, so Ninja runs it again when the declaration changes, and never else.
function(_cairn_add_rootfs_edge)
  get_property(folder TARGET "${target}" PROPERTY CAIRN_ROOTFS_FOLDER)
  _cairn_debian_architecture(architecture "${platform}")
  get_property(options TARGET "${target}" PROPERTY CAIRN_ROOTFS_OPTIONS)
  list(TRANSFORM options PREPEND "-D")
  if(NOT "${CAIRN_CA_BUNDLE}" STREQUAL "" AND options MATCHES "https://")
    list(APPEND options "-DCA_BUNDLE=${CAIRN_CA_BUNDLE}")
  endif()
  set(
    bootstrap
    "${CMAKE_COMMAND}"
    "-DTARGET=${target}"
    "-DARCHITECTURE=${architecture}"
    ${options}
    "-DFOLDER=${folder}/${arch}"
    -P
    "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/make_rootfs.cmake"
  )
  _cairn_limit_command(bootstrap)
  add_custom_command(
    OUTPUT "${folder}/${arch}/rootfs.tar"
    COMMAND ${bootstrap}
    COMMENT "Bootstrapping ${target} (${arch})"
    COMMAND_EXPAND_LISTS
    VERBATIM
  )
endfunction()

function(_cairn_debian_architecture out platform)
  set(
    known
    linux/amd64=amd64
    linux/arm64=arm64
    linux/arm/v7=armhf
    linux/arm/v6=armel
    linux/386=i386
  )
  list(APPEND known linux/ppc64le=ppc64el linux/riscv64=riscv64 linux/s390x=s390x)
  foreach(pair IN LISTS known)
    if(pair MATCHES "^${platform}=(.*)$")
      set(${out} "${CMAKE_MATCH_1}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  list(APPEND CMAKE_MESSAGE_CONTEXT "add_docker_rootfs")
  list(TRANSFORM known REPLACE "=.*" "")
  list(JOIN known " " known)
  _cairn_fail("Debian has no packages for platform '${platform}' of '${target}'" "It has: ${known}")
endfunction()
