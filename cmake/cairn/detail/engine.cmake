# Which container engines this tree uses: resolved at the first configure, and again only when a
# variable that decides it changes. 'auto' never moves images to another engine by itself.
include_guard(GLOBAL)

# _cairn_resolve_engines(<required>): writes <build>/cairn/engine.json, and engine-<arch>.json for
# every architecture with an endpoint of its own. Without an engine a project whose images nothing
# asks for still configures.
function(_cairn_resolve_engines required)
  list(APPEND CMAKE_MESSAGE_CONTEXT "add_docker_stack")
  set(folder "${CMAKE_BINARY_DIR}/cairn")
  if(NOT "${CAIRN_ENGINE_FILE}" STREQUAL "")
    if(NOT EXISTS "${CAIRN_ENGINE_FILE}")
      _cairn_fail(
        "'CAIRN_ENGINE_FILE' names '${CAIRN_ENGINE_FILE}', which does not exist"
        "Name an engine.json."
      )
    endif()
    configure_file("${CAIRN_ENGINE_FILE}" "${folder}/engine.json" COPYONLY)
    file(READ "${CAIRN_ENGINE_FILE}" json)
    _cairn_offer_ca_bundle("${json}")
    return()
  endif()
  get_property(platforms GLOBAL PROPERTY _CAIRN_BUILD_PLATFORMS)
  set(engines "")
  set(jsons "")
  set(main "")
  foreach(platform IN LISTS platforms)
    _cairn_arch_name(arch "${platform}")
    if("${CAIRN_ENDPOINT_${arch}}" STREQUAL "")
      set(main "engine.json")
    else()
      _cairn_choose_engine(
        json
        "_${arch}"
        "${CAIRN_ENDPOINT_${arch}}"
        "${required}"
        "engine-${arch}.json"
      )
      _cairn_json_text(file "${folder}/engine-${arch}.json")
      list(APPEND engines "\"${arch}\": ${file}")
      string(APPEND jsons "${json}")
      set(other "engine-${arch}.json")
    endif()
  endforeach()
  if(main)
    _cairn_choose_engine(json "" "" "${required}" "engine.json")
    string(APPEND jsons "${json}")
  elseif(EXISTS "${folder}/${other}")
    # Every platform has a machine of its own: any of them stands for the whole tree.
    configure_file("${folder}/${other}" "${folder}/engine.json" COPYONLY)
  endif()
  set_property(GLOBAL PROPERTY _CAIRN_ENGINES "${engines}")
  _cairn_offer_ca_bundle("${jsons}")
endfunction()

# One engine: from the cache, else looked for. <suffix> is that of the cache entries.
function(
  _cairn_choose_engine
  out
  suffix
  endpoint
  required
  file
)
  set(file "${CMAKE_BINARY_DIR}/cairn/${file}")
  set(inputs "${CAIRN_ENGINE} ${CAIRN_DOCKER_BUILDER} ${endpoint}")
  if(
    NOT DEFINED CACHE{_CAIRN_ENGINE_JSON${suffix}}
    OR NOT "${_CAIRN_ENGINE_INPUTS${suffix}}" STREQUAL inputs
  )
    set(json "")
    set(looked_for "")
    if(CAIRN_ENGINE MATCHES "^(auto|docker)$")
      _cairn_find_docker(json "${endpoint}")
    endif()
    foreach(kind IN ITEMS podman buildah)
      if("${json}" STREQUAL "" AND CAIRN_ENGINE MATCHES "^(auto|${kind})$")
        cmake_language(CALL _cairn_find_${kind} json "${endpoint}")
      endif()
    endforeach()
    if("${json}" STREQUAL "")
      _cairn_report_no_engine("${required}" "${looked_for}")
      file(REMOVE "${file}")
      set(${out} "" PARENT_SCOPE)
      return()
    endif()
    string(JSON reason GET "${json}" reason)
    string(JSON kind GET "${json}" kind)
    message(STATUS "Container engine: ${kind} (${reason})")
    set(_CAIRN_ENGINE_JSON${suffix} "${json}" CACHE INTERNAL "An engine of this tree.")
    set(_CAIRN_ENGINE_INPUTS${suffix} "${inputs}" CACHE INTERNAL "What the engine was chosen by.")
  endif()
  _cairn_refresh_version("${suffix}")
  set(json "${_CAIRN_ENGINE_JSON${suffix}}")
  file(CONFIGURE OUTPUT "${file}" CONTENT "@json@\n" @ONLY)
  set(${out} "${json}" PARENT_SCOPE)
endfunction()

# docker's legacy builder has no secrets: said once.
function(_cairn_offer_ca_bundle json)
  set(bundle "${CAIRN_CA_BUNDLE}")
  if(NOT "${bundle}" STREQUAL "" AND json MATCHES "\"builder\" *: *\"legacy\"")
    set(bundle "")
    if(NOT DEFINED CACHE{_CAIRN_TOLD_CA_BUNDLE})
      message(
        STATUS
        "The legacy builder has no secrets: cairn-ca (${CAIRN_CA_BUNDLE}) is not offered."
      )
      set(_CAIRN_TOLD_CA_BUNDLE TRUE CACHE INTERNAL "The lack of secrets was said.")
    endif()
  endif()
  set_property(GLOBAL PROPERTY _CAIRN_CA_BUNDLE "${bundle}")
endfunction()

function(_cairn_report_no_engine required looked_for)
  if("${looked_for}" STREQUAL "")
    set(looked_for "no such program is on PATH")
  endif()
  string(REGEX REPLACE "; $" "" looked_for "${looked_for}")
  string(REPLACE ";" "," looked_for "${looked_for}")
  set(
    hints
    "Looked for '${CAIRN_ENGINE}': ${looked_for}."
    "Start or install docker, podman or buildah, or choose: -DCAIRN_ENGINE=<auto|docker|podman|buildah>"
  )
  if(required OR NOT CAIRN_ENGINE STREQUAL "auto")
    _cairn_fail("no container engine answers" ${hints})
  endif()
  list(JOIN hints "\n--   " hints)
  message(STATUS "No container engine answers; image targets will not build.\n--   ${hints}")
endfunction()

# _cairn_engine_json(<out>): from the caller's kind, builder, program, version, url, identity,
# global_flags, build_flags, run_flags and reason.
function(_cairn_engine_json out)
  set(json "{\"schema\": \"cairn/engine/1\"")
  foreach(
    member
    IN
    ITEMS kind builder program version url identity reason
  )
    _cairn_json_text(value "${${member}}")
    string(APPEND json ", \"${member}\": ${value}")
  endforeach()
  foreach(member IN ITEMS global_flags build_flags run_flags)
    _cairn_json_list(value ${${member}})
    string(APPEND json ", \"${member}\": ${value}")
  endforeach()
  set(${out} "${json}}" PARENT_SCOPE)
endfunction()
