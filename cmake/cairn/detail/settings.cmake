# What happens once in a configure run.
include_guard(GLOBAL)

# _cairn_begin(): at the first declaration of a configure run; later calls return at once.
function(_cairn_begin)
  get_property(begun GLOBAL PROPERTY _CAIRN_BEGUN)
  if(begun)
    return()
  endif()
  set_property(GLOBAL PROPERTY _CAIRN_BEGUN TRUE)
  if(NOT CMAKE_GENERATOR MATCHES "^Ninja( Multi-Config)?$")
    _cairn_fail(
      "the generator '${CMAKE_GENERATOR}' cannot order images"
      "Accepted: Ninja, Ninja Multi-Config."
      "Write: cmake -G Ninja -S \"${CMAKE_SOURCE_DIR}\" -B <a new folder>"
    )
  endif()
  _cairn_declare_variables()
  _cairn_find_host_platform(host)
  _cairn_check_build_platforms("${host}")
  set_property(GLOBAL PROPERTY _CAIRN_HOST_PLATFORM "${host}")
  define_property(
    DIRECTORY
    PROPERTY CAIRN_STACK
    INHERITED
    BRIEF_DOCS "The stack that images of this folder and the folders under it belong to."
  )
  set(root "${CMAKE_BINARY_DIR}/cairn")
  get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(multi_config)
    string(APPEND root "/$<CONFIG>")
  endif()
  set_property(GLOBAL PROPERTY _CAIRN_ROOT "${root}")
  _cairn_reserve_names()
  cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _cairn_generate)
endfunction()

# _cairn_reserve_names([<stack>]): what no image's target may be called: as CMake's own targets, or
# as those that a stack has besides its images, whose place it would silently take.
function(_cairn_reserve_names)
  _cairn_stack_suffixes(names)
  if(ARGC)
    list(TRANSFORM names PREPEND "${ARGV0}-")
  else()
    list(
      APPEND names
      all
      clean
      help
      install
      preinstall
      test
      package
      package_source
    )
    list(APPEND names edit_cache rebuild_cache list_install_components)
  endif()
  set_property(GLOBAL APPEND PROPERTY _CAIRN_RESERVED ${names})
endfunction()

# The platform of the machine that configures.
function(_cairn_find_host_platform out)
  set(processor "${CMAKE_HOST_SYSTEM_PROCESSOR}")
  if("${processor}" STREQUAL "")
    cmake_host_system_information(RESULT processor QUERY OS_PLATFORM)
  endif()
  _cairn_processor_platform(platform "${processor}")
  set(${out} "${platform}" PARENT_SCOPE)
endfunction()

# What this tree builds: CAIRN_PLATFORMS, else the platform it compiles for. Another machine's
# platform needs a native endpoint or emulation, which is asked for and never slipped in; a release
# tree builds nothing and needs neither.
function(_cairn_check_build_platforms host)
  set(platforms "${CAIRN_PLATFORMS}")
  if("${platforms}" STREQUAL "")
    set(platforms "${host}")
    if(CMAKE_SYSTEM_PROCESSOR)
      _cairn_processor_platform(platforms "${CMAKE_SYSTEM_PROCESSOR}")
    endif()
  endif()
  _cairn_normal_platforms(platforms)
  set_property(GLOBAL PROPERTY _CAIRN_BUILD_PLATFORMS "${platforms}")
  if(NOT "${CAIRN_RECORDS_FROM}" STREQUAL "")
    return()
  endif()
  set(native "${host}")
  foreach(platform IN LISTS platforms)
    _cairn_arch_name(arch "${platform}")
    set(
      CAIRN_ENDPOINT_${arch}
      ""
      CACHE STRING
      "Native engine for ${platform} images; empty for this machine's."
    )
    if(NOT CAIRN_ENDPOINT_${arch} STREQUAL "")
      list(APPEND native "${platform}")
    elseif(NOT platform STREQUAL host AND NOT CAIRN_EMULATE)
      _cairn_fail(
        "platform '${platform}' is not this machine's '${host}'"
        "Give a native machine: -DCAIRN_ENDPOINT_${arch}=ssh://user@host (or tcp://…, a docker context, a podman connection)"
        "or emulate, some ten times slower: -DCAIRN_EMULATE=ON"
      )
    endif()
  endforeach()
  set_property(GLOBAL PROPERTY _CAIRN_NATIVE_PLATFORMS "${native}")
endfunction()
