# Which container engine this tree uses: resolved at the first configure, kept in the cache, and
# looked at again only when a variable that decides it changes. 'auto' never moves a family of
# images to another engine by itself.
include_guard(GLOBAL)

# _cairn_resolve_engine(<required>): writes <build>/cairn/engine.json. Without an engine a project
# whose images nothing asks for still configures.
function(_cairn_resolve_engine required)
  list(APPEND CMAKE_MESSAGE_CONTEXT "add_docker_stack")
  set(file "${CMAKE_BINARY_DIR}/cairn/engine.json")
  if(NOT "${CAIRN_ENGINE_FILE}" STREQUAL "")
    if(NOT EXISTS "${CAIRN_ENGINE_FILE}")
      _cairn_fail("'CAIRN_ENGINE_FILE' names '${CAIRN_ENGINE_FILE}', which does not exist" "Name an engine.json.")
    endif()
    configure_file("${CAIRN_ENGINE_FILE}" "${file}" COPYONLY)
    return()
  endif()
  get_property(platforms GLOBAL PROPERTY _CAIRN_BUILD_PLATFORMS)
  set(endpoint "")
  foreach(platform IN LISTS platforms)
    _cairn_arch_name(arch "${platform}")
    if(NOT CAIRN_ENDPOINT_${arch} STREQUAL "")
      list(APPEND endpoint "${CAIRN_ENDPOINT_${arch}}")
    endif()
  endforeach()
  _cairn_check_endpoints("${platforms}" endpoint)
  set(inputs "${CAIRN_ENGINE} ${CAIRN_DOCKER_BUILDER} ${endpoint}")
  if(NOT DEFINED CACHE{_CAIRN_ENGINE_JSON} OR NOT _CAIRN_ENGINE_INPUTS STREQUAL inputs)
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
      return()
    endif()
    string(JSON reason GET "${json}" reason)
    string(JSON kind GET "${json}" kind)
    message(STATUS "Container engine: ${kind} (${reason})")
    set(_CAIRN_ENGINE_JSON "${json}" CACHE INTERNAL "The engine of this tree.")
    set(_CAIRN_ENGINE_INPUTS "${inputs}" CACHE INTERNAL "What the engine was chosen by.")
  endif()
  file(CONFIGURE OUTPUT "${file}" CONTENT "@_CAIRN_ENGINE_JSON@\n" @ONLY)
endfunction()

# One engine a tree: an endpoint is for a tree that builds its platform alone.
function(_cairn_check_endpoints platforms list)
  list(LENGTH platforms count)
  if(count GREATER 1 AND NOT "${${list}}" STREQUAL "")
    list(JOIN platforms " " platforms)
    _cairn_fail(
      "a build tree with an endpoint builds one platform, this one builds ${platforms}"
      "Make a tree for each: cmake -B build/<arch> -DCAIRN_PLATFORMS=<platform> -DCAIRN_ENDPOINT_<arch>=…"
    )
  endif()
endfunction()

function(_cairn_report_no_engine required looked_for)
  if("${looked_for}" STREQUAL "")
    set(looked_for "no such program is on PATH")
  endif()
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

# _cairn_engine_json(<out>): from the caller's kind, builder, program, url, identity, global_flags,
# build_flags, run_flags and reason.
function(_cairn_engine_json out)
  set(json "{\"schema\": \"cairn/engine/1\"")
  foreach(member IN ITEMS kind builder program url identity reason)
    _cairn_json_text(value "${${member}}")
    string(APPEND json ", \"${member}\": ${value}")
  endforeach()
  foreach(member IN ITEMS global_flags build_flags run_flags)
    _cairn_json_list(value ${${member}})
    string(APPEND json ", \"${member}\": ${value}")
  endforeach()
  set(${out} "${json}}" PARENT_SCOPE)
endfunction()

# _cairn_find_programs(<out> <name>): every program of that name on PATH, each file once.
function(_cairn_find_programs out name)
  set(found "")
  set(seen "")
  string(REPLACE ":" ";" folders "$ENV{PATH}")
  foreach(folder IN LISTS folders)
    if(EXISTS "${folder}/${name}" AND NOT IS_DIRECTORY "${folder}/${name}")
      file(REAL_PATH "${folder}/${name}" real)
      if(NOT real IN_LIST seen)
        list(APPEND seen "${real}")
        list(APPEND found "${folder}/${name}")
      endif()
    endif()
  endforeach()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

# _cairn_ask(<out> <seconds> <word>...): stdout of a command, empty when it fails.
function(_cairn_ask out seconds)
  execute_process(
    COMMAND ${ARGN}
    RESULT_VARIABLE status
    OUTPUT_VARIABLE text
    ERROR_QUIET
    OUTPUT_STRIP_TRAILING_WHITESPACE
    TIMEOUT ${seconds}
  )
  if(NOT status STREQUAL "0")
    set(text "")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()
