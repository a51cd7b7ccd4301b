# The cache variables of releases.
include_guard(GLOBAL)

# Where a release takes records from, and where it goes.
function(_cairn_declare_release_variables)
  set(
    CAIRN_RECORDS_FROM
    ""
    CACHE PATH
    "Folders with other trees' records; with them this tree publishes, and builds nothing."
  )
  set(
    CAIRN_DESTINATIONS
    ""
    CACHE STRING
    "Where releases go, in place of the stacks' own DESTINATIONS."
  )
  set(
    CAIRN_RELEASE_PLATFORMS
    ""
    CACHE STRING
    "Those of the declared platforms that a release must have; empty for all."
  )
  foreach(folder IN LISTS CAIRN_RECORDS_FROM)
    if(NOT IS_DIRECTORY "${folder}")
      _cairn_fail(
        "'CAIRN_RECORDS_FROM' names '${folder}', which is no folder"
        "Name build folders, or folders brought from other machines that hold their 'images'."
      )
    endif()
  endforeach()
  _cairn_check_destinations(${CAIRN_DESTINATIONS})
  _cairn_declare_registry_variables()
  set(platforms "${CAIRN_RELEASE_PLATFORMS}")
  _cairn_normal_platforms(platforms)
  set_property(GLOBAL PROPERTY _CAIRN_RELEASE_PLATFORMS "${platforms}")
endfunction()

# How the registries of releases are spoken to that have certificates of their own, or none.
function(_cairn_declare_registry_variables)
  set(
    CAIRN_REGISTRY_CA_BUNDLE
    ""
    CACHE FILEPATH
    "Certificates of the registries of releases; empty for the system's."
  )
  set(
    CAIRN_PLAIN_HTTP
    ""
    CACHE STRING
    "Registries, host[:port], that releases speak to without TLS."
  )
  if(NOT "${CAIRN_REGISTRY_CA_BUNDLE}" STREQUAL "" AND NOT EXISTS "${CAIRN_REGISTRY_CA_BUNDLE}")
    _cairn_fail(
      "'CAIRN_REGISTRY_CA_BUNDLE' names '${CAIRN_REGISTRY_CA_BUNDLE}', which does not exist"
      "Name a file of certificates, or none: -DCAIRN_REGISTRY_CA_BUNDLE="
    )
  endif()
  foreach(host IN LISTS CAIRN_PLAIN_HTTP)
    if(NOT host MATCHES "^[A-Za-z0-9.-]+(:[0-9]+)?$")
      _cairn_fail(
        "'CAIRN_PLAIN_HTTP' names '${host}', which is no host"
        "Expected the form of 'registry.example:5000'."
      )
    endif()
  endforeach()
endfunction()
