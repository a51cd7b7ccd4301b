# OCI platforms and the names that architectures have in tags, folders and presets.
include_guard(GLOBAL)

# _cairn_normal_platform(<out> <platform>): containerd's normal form, as oci/platform.hpp has it.
function(_cairn_normal_platform out platform)
  if(NOT platform MATCHES "^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?$")
    _cairn_fail(
      "invalid platform '${platform}'"
      "Expected <os>/<architecture>[/<variant>], as in 'linux/amd64'."
    )
  endif()
  string(REPLACE "/x86_64" "/amd64" platform "${platform}")
  string(REPLACE "/aarch64" "/arm64" platform "${platform}")
  string(REGEX REPLACE "/arm64/v8$" "/arm64" platform "${platform}")
  string(REGEX REPLACE "/armv7$" "/arm/v7" platform "${platform}")
  string(REGEX REPLACE "/arm$" "/arm/v7" platform "${platform}")
  set(${out} "${platform}" PARENT_SCOPE)
endfunction()

# _cairn_normal_platforms(<list variable>): every platform of a list, once.
function(_cairn_normal_platforms list)
  set(result "")
  foreach(platform IN LISTS ${list})
    _cairn_normal_platform(platform "${platform}")
    list(APPEND result "${platform}")
  endforeach()
  list(REMOVE_DUPLICATES result)
  set(${list} "${result}" PARENT_SCOPE)
endfunction()

# _cairn_arch_name(<out> <platform>): `x86_64`, `aarch64`, `i686`, else the platform's own words, as
# `armv7`: the tool looks for folders under the very name (Platform::arch_name).
function(_cairn_arch_name out platform)
  # Not by ^[^/]*/ alone: it would match again behind what it took away.
  string(REGEX REPLACE "^[^/]*/(.*)$" "\\1" name "${platform}")
  if(name MATCHES "^amd64(/(.*))?$")
    set(name x86_64)
    if(CMAKE_MATCH_2)
      string(APPEND name "_${CMAKE_MATCH_2}")
    endif()
  elseif(name MATCHES "^arm64(/|$)")
    set(name aarch64)
  elseif(name MATCHES "^386(/|$)")
    set(name i686)
  else()
    string(REPLACE "/" "" name "${name}")
  endif()
  set(${out} "${name}" PARENT_SCOPE)
endfunction()

# _cairn_processor_platform(<out> <processor>): what `uname -m` or CMAKE_SYSTEM_PROCESSOR means.
function(_cairn_processor_platform out processor)
  if(processor MATCHES "^(x86_64|AMD64|amd64)$")
    set(platform linux/amd64)
  elseif(processor MATCHES "^(aarch64|arm64|ARM64)$")
    set(platform linux/arm64)
  elseif(processor MATCHES "^(armv7.*|armv8l|arm|armhf)$")
    set(platform linux/arm/v7)
  elseif(processor MATCHES "^armv6")
    set(platform linux/arm/v6)
  elseif(processor MATCHES "^i[3-6]86$")
    set(platform linux/386)
  else()
    set(platform "linux/${processor}")
  endif()
  set(${out} "${platform}" PARENT_SCOPE)
endfunction()

# _cairn_common_platforms(<out> <platforms> <others>): those that are in both, in the order of the
# first.
function(_cairn_common_platforms out platforms others)
  set(common "")
  foreach(platform IN LISTS platforms)
    if(platform IN_LIST others)
      list(APPEND common "${platform}")
    endif()
  endforeach()
  set(${out} "${common}" PARENT_SCOPE)
endfunction()
