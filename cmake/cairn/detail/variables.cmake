# The cache variables that a user may set. Their docstrings are also in docs/reference/cmake.md.
include_guard(GLOBAL)

# Every variable of the package, in one place.
function(_cairn_declare_variables)
  set(state "$ENV{XDG_STATE_HOME}")
  if("${state}" STREQUAL "")
    set(state "$ENV{HOME}/.local/state")
  endif()
  set(
    CAIRN_PLATFORMS
    ""
    CACHE STRING
    "Platforms this tree builds; empty for the one it compiles for."
  )
  set(CAIRN_REGISTRY "" CACHE STRING "Registry in every image name, in place of the stacks' own.")
  set(CAIRN_OWNER "" CACHE STRING "Owner in every image name, in place of the stacks' own.")
  set(
    CAIRN_STORE
    "${state}/cairn"
    CACHE PATH
    "Folder of what outlives this build tree; default cairn in XDG_STATE_HOME."
  )
  set(CAIRN_ENGINE auto CACHE STRING "Container engine: auto, docker, podman or buildah.")
  set(CAIRN_DOCKER_BUILDER auto CACHE STRING "Builder of docker: auto, buildx, buildkit or legacy.")
  set(CAIRN_ENGINE_FILE "" CACHE FILEPATH "A ready engine.json, in place of looking for an engine.")
  set(CAIRN_EMULATE OFF CACHE BOOL "Build and run platforms of other machines by emulation.")
  set(
    CAIRN_BUILD_FLAGS
    ""
    CACHE STRING
    "Further flags of the engine's build command, for every image."
  )
  set(
    CAIRN_BUILD_NETWORK
    ""
    CACHE STRING
    "Network of RUN steps, for images that do not say their own."
  )
  set(CAIRN_ROOT_IMAGE "" CACHE STRING "An image to take in place of bootstrapping root images.")
  set(
    CAIRN_DEBIAN_MIRROR
    "http://deb.debian.org/debian"
    CACHE STRING
    "Where Debian's packages come from; default Debian's own servers."
  )
  _cairn_declare_ca_bundle()
  _cairn_declare_release_variables()
  set(CAIRN_BUILD_SLOTS 2 CACHE STRING "How many images are built at once on this machine.")
  set(CAIRN_KEEP_IMAGES 1 CACHE STRING "How many images are kept a name, the current one included.")
  set(
    CAIRN_CTEST_BUILDS
    ""
    CACHE STRING
    "ctest builds the images first; empty for stacks with ALL."
  )
  set_property(
    CACHE CAIRN_ENGINE
    PROPERTY STRINGS auto docker podman buildah
  )
  set_property(
    CACHE CAIRN_DOCKER_BUILDER
    PROPERTY STRINGS auto buildx buildkit legacy
  )
  _cairn_check_choice(CAIRN_ENGINE auto docker podman buildah)
  _cairn_check_choice(CAIRN_DOCKER_BUILDER auto buildx buildkit legacy)
  foreach(variable IN ITEMS CAIRN_BUILD_SLOTS CAIRN_KEEP_IMAGES)
    if(NOT ${variable} MATCHES "^[1-9][0-9]*$")
      _cairn_fail("'${variable}' is '${${variable}}'" "Expected a whole number from 1 on.")
    endif()
  endforeach()
endfunction()

# The certificates of an HTTPS proxy, which builds get as the secret `cairn-ca`: what the
# environment names at the first configure.
function(_cairn_declare_ca_bundle)
  set(bundle "")
  foreach(variable IN ITEMS SSL_CERT_FILE CURL_CA_BUNDLE)
    if("${bundle}" STREQUAL "" AND IS_ABSOLUTE "$ENV{${variable}}" AND EXISTS "$ENV{${variable}}")
      set(bundle "$ENV{${variable}}")
    endif()
  endforeach()
  set(
    CAIRN_CA_BUNDLE
    "${bundle}"
    CACHE FILEPATH
    "Certificates offered to builds as secret cairn-ca; default SSL_CERT_FILE or CURL_CA_BUNDLE."
  )
  if(NOT "${CAIRN_CA_BUNDLE}" STREQUAL "" AND NOT EXISTS "${CAIRN_CA_BUNDLE}")
    _cairn_fail(
      "'CAIRN_CA_BUNDLE' names '${CAIRN_CA_BUNDLE}', which does not exist"
      "Name a file of certificates, or none: -DCAIRN_CA_BUNDLE="
    )
  endif()
endfunction()

function(_cairn_check_choice variable)
  if(NOT "${${variable}}" IN_LIST ARGN)
    list(JOIN ARGN ", " accepted)
    string(REGEX REPLACE "^arg_" "" name "${variable}")
    _cairn_fail("'${name}' is '${${variable}}'" "Accepted: ${accepted}.")
  endif()
endfunction()
