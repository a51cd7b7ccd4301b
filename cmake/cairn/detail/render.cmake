# Joining the parts that an image has into JSON arrays.
include_guard(GLOBAL)

# _cairn_render(<out> <PROBE|SECTION|TEST> <ids>): the parts as a JSON array. Images share long
# beginnings of their lists, so each array is made once. Reads the caller's `stack`, `platform`,
# `variant` and `limited_<kind>`.
function(_cairn_render out kind ids)
  set(memo "_CAIRN_${kind}_ARRAY_${ids}")
  if(limited_${kind})
    string(APPEND memo "@${platform}@${variant}")
  endif()
  get_property(text TARGET "cairn::stack::${stack}" PROPERTY "${memo}")
  if("${text}" STREQUAL "")
    set(comma "")
    foreach(id IN LISTS ids)
      if(kind STREQUAL "TEST")
        string(REGEX REPLACE "/.*$" "" from "${id}")
        set(name "${id}")
      else()
        string(REGEX REPLACE "^.*[|]" "" from "${id}")
        string(REGEX REPLACE "[|].*$" "" name "${id}")
      endif()
      _cairn_is_wanted(wanted ${kind} "${name}")
      if(wanted)
        get_property(part TARGET "cairn::stack::${stack}" PROPERTY "CAIRN_${kind}_${name}")
        get_property(from TARGET "${from}" PROPERTY CAIRN_IMAGE)
        string(APPEND text "${comma}\n  {${part}, \"from\": \"${from}\"}")
        set(comma ",")
      endif()
    endforeach()
    set(text "[${text}]")
    set_property(TARGET "cairn::stack::${stack}" PROPERTY "${memo}" "${text}")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# Whether a part's PLATFORMS and VARIANTS let it run here; the variant of an image without one is
# `default`.
function(_cairn_is_wanted out kind name)
  set(${out} TRUE PARENT_SCOPE)
  if(NOT limited_${kind})
    return()
  endif()
  get_property(limit TARGET "cairn::stack::${stack}" PROPERTY "CAIRN_${kind}_${name}_PLATFORMS")
  if(limit AND NOT platform IN_LIST limit)
    set(${out} FALSE PARENT_SCOPE)
  endif()
  get_property(limit TARGET "cairn::stack::${stack}" PROPERTY "CAIRN_${kind}_${name}_VARIANTS")
  if(limit)
    set(own "${variant}")
    if("${own}" STREQUAL "")
      set(own default)
    endif()
    if(NOT own IN_LIST limit)
      set(${out} FALSE PARENT_SCOPE)
    endif()
  endif()
endfunction()

# _cairn_select_tests(<out>): the tests that run on the caller's `target` and `platform`.
function(_cairn_select_tests out)
  get_property(ids TARGET "${target}" PROPERTY _CAIRN_FLAT_TESTS)
  if(limited_TEST)
    set(selected "")
    foreach(id IN LISTS ids)
      _cairn_is_wanted(wanted TEST "${id}")
      if(wanted)
        list(APPEND selected "${id}")
      endif()
    endforeach()
    set(ids "${selected}")
  endif()
  set(${out} "${ids}" PARENT_SCOPE)
endfunction()

# _cairn_collections_json(<out>): what the caller's image and its stack hand to the engine, as
# members of build.json.
function(_cairn_collections_json out)
  if(NOT "${ca_bundle}" STREQUAL "")
    list(PREPEND SECRETS "cairn-ca=${ca_bundle}")
  endif()
  _cairn_json_map(build_args ${BUILD_ARGS})
  _cairn_json_map(labels ${LABELS})
  _cairn_json_map(secrets ${SECRETS})
  _cairn_json_list(ssh ${SSH})
  _cairn_json_list(hosts ${ADDED_HOSTS})
  _cairn_json_list(flags ${stack_flags} ${BUILD_FLAGS})
  set(
    ${out}
    "\"build_args\": ${build_args}, \"labels\": ${labels}, \"secrets\": ${secrets},
 \"ssh\": ${ssh}, \"added_hosts\": ${hosts}, \"flags\": ${flags}"
    PARENT_SCOPE
  )
endfunction()
