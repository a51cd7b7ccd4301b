# The descriptions: docs/reference/records.md has their schemas. All are functions of the caller's
# variables, which _cairn_generate_image and _cairn_generate_platform set.
include_guard(GLOBAL)

# What build.json says on every platform alike, into `common_json` and `parents` of the caller.
function(_cairn_collect_image_json target)
  foreach(
    keyword
    IN ITEMS
      CONTEXT DOCKERFILE STAGE NETWORK REFRESH BUILD_ARGS CACHE_ARGS LABELS SECRETS SSH
      ADDED_HOSTS BUILD_FLAGS PARENTS CONTENT_PARENTS IS_PARENT NORMALIZE_MODES REPRODUCIBLE
      GENERATED DECLARED_AT
  )
    get_property(${keyword} TARGET "${target}" PROPERTY CAIRN_${keyword})
  endforeach()
  _cairn_drop_external()
  foreach(name IN LISTS CACHE_ARGS)
    if(NOT "${${name}}" STREQUAL "")
      _cairn_encode(value "${${name}}")
      list(APPEND BUILD_ARGS "${name}=${value}")
    endif()
  endforeach()
  if("${REFRESH}" STREQUAL "")
    set(REFRESH "${stack_refresh}")
    if("${REFRESH}" STREQUAL "")
      set(REFRESH never)
    endif()
  endif()
  set(
    json
    "\"stack\": \"${stack}\", \"target\": \"${target}\", \"image\": \"${image}\", \"variant\": \"${variant}\",\n \"repository\": \"${repository}\", \"registry\": \"${registry}\", \"owner\": \"${owner}\", \"refresh\": \"${REFRESH}\""
  )
  foreach(pair IN ITEMS context=CONTEXT dockerfile=DOCKERFILE stage=STAGE network=NETWORK declared_at=DECLARED_AT)
    string(REGEX MATCH "^(.*)=(.*)$" pair "${pair}")
    _cairn_json_text(value "${${CMAKE_MATCH_2}}")
    string(APPEND json ",\n \"${CMAKE_MATCH_1}\": ${value}")
  endforeach()
  foreach(pair IN ITEMS build_args=BUILD_ARGS labels=LABELS secrets=SECRETS)
    string(REGEX MATCH "^(.*)=(.*)$" pair "${pair}")
    set(member "${CMAKE_MATCH_1}")
    _cairn_json_map(value ${${CMAKE_MATCH_2}})
    string(APPEND json ",\n \"${member}\": ${value}")
  endforeach()
  list(PREPEND BUILD_FLAGS ${stack_flags})
  foreach(pair IN ITEMS ssh=SSH added_hosts=ADDED_HOSTS flags=BUILD_FLAGS)
    string(REGEX MATCH "^(.*)=(.*)$" pair "${pair}")
    set(member "${CMAKE_MATCH_1}")
    _cairn_json_list(value ${${CMAKE_MATCH_2}})
    string(APPEND json ", \"${member}\": ${value}")
  endforeach()
  foreach(keyword IN ITEMS IS_PARENT NORMALIZE_MODES REPRODUCIBLE)
    string(TOLOWER ${keyword} member)
    if(${keyword})
      string(APPEND json ", \"${member}\": true")
    else()
      string(APPEND json ", \"${member}\": false")
    endif()
  endforeach()
  string(
    APPEND json
    ",\n \"stack_file\": ${stack_file_json}, \"source\": \"source-tree\", \"keep_images\": ${CAIRN_KEEP_IMAGES}, \"build_slots\": ${CAIRN_BUILD_SLOTS}"
  )
  set(common_json "${json}" PARENT_SCOPE)
  set(parents ${PARENTS} ${CONTENT_PARENTS} PARENT_SCOPE)
  set(generated "${GENERATED}" PARENT_SCOPE)
endfunction()

# An external root image is an argument, not a parent.
function(_cairn_drop_external)
  foreach(list IN ITEMS PARENTS CONTENT_PARENTS)
    foreach(parent IN LISTS ${list})
      get_property(external TARGET "${parent}" PROPERTY CAIRN_EXTERNAL)
      if(external)
        list(REMOVE_ITEM ${list} "${parent}")
        if(NOT ROOT_IMAGE IN_LIST CACHE_ARGS)
          list(APPEND BUILD_ARGS "ROOT_IMAGE=${external}")
        endif()
      endif()
    endforeach()
  endforeach()
  return(PROPAGATE PARENTS CONTENT_PARENTS BUILD_ARGS)
endfunction()

function(_cairn_write_build_description)
  set(parents_json "")
  set(comma "")
  foreach(parent IN LISTS parents)
    get_property(parent_image TARGET "${parent}" PROPERTY CAIRN_IMAGE)
    get_property(parent_variant TARGET "${parent}" PROPERTY CAIRN_VARIANT)
    _cairn_json_text(parent_directory "${root}/images/${parent}/${arch}")
    string(
      APPEND parents_json
      "${comma}{\"target\": \"${parent}\", \"directory\": ${parent_directory}, \"repository\": \"${front}${parent_image}\", \"variant\": \"${parent_variant}\"}"
    )
    set(comma ",\n  ")
  endforeach()
  set(generated_json "")
  set(comma "")
  foreach(entry IN LISTS generated)
    string(REPLACE "{arch}" "${arch}" entry "${entry}")
    string(REGEX MATCH "^(.*)[|](.*)$" entry "${entry}")
    set(into "${CMAKE_MATCH_2}")
    _cairn_json_text(from "${CMAKE_MATCH_1}")
    _cairn_json_text(into "${into}")
    string(APPEND generated_json "${comma}{\"from\": ${from}, \"into\": ${into}}")
    set(comma ", ")
  endforeach()
  set(native false)
  if(platform IN_LIST native_platforms)
    set(native true)
  endif()
  file(
    GENERATE
    OUTPUT "${directory}/build.json"
    CONTENT
      "{\"schema\": \"cairn/build-description/1\", \"platform\": \"${platform}\", \"native\": ${native},
 ${common_json},
 \"parents\": [${parents_json}], \"generated\": [${generated_json}]}
"
  )
endfunction()

function(_cairn_write_inspect_description)
  get_property(probes TARGET "${target}" PROPERTY _CAIRN_FLAT_TAG_PROBES)
  get_property(sections TARGET "${target}" PROPERTY _CAIRN_FLAT_SECTIONS)
  _cairn_render(probes PROBE "${probes}")
  _cairn_render(sections SECTION "${sections}")
  file(
    GENERATE
    OUTPUT "${directory}/inspect.json"
    CONTENT
      "{\"schema\": \"cairn/inspect-description/1\", \"target\": \"${target}\",
 \"probes\": ${probes},
 \"sections\": ${sections},
 \"time_limit\": 300, \"repository_url\": \"\", \"source_dir\": ${source_json}}
"
  )
endfunction()

function(_cairn_write_test_description ids)
  _cairn_render(tests TEST "${ids}")
  file(
    GENERATE
    OUTPUT "${directory}/test.json"
    CONTENT
      "{\"schema\": \"cairn/test-description/1\", \"target\": \"${target}\",
 \"tests\": ${tests}}
"
  )
endfunction()

function(_cairn_write_stack_file stack)
  list(TRANSFORM directories REPLACE "^.+$" "  \"\\0\"")
  list(JOIN directories ",\n" images)
  list(JOIN members ",\n  " members)
  _cairn_json_text(engine "${CMAKE_BINARY_DIR}/cairn/engine.json")
  _cairn_json_text(index "${root}/${stack}.index")
  _cairn_json_text(store "${CAIRN_STORE}")
  file(
    GENERATE
    OUTPUT "${stack_file}"
    CONTENT
      "{\"schema\": \"cairn/stack/1\", \"stack\": \"${stack}\", \"engine\": ${engine},
 \"index\": ${index}, \"store\": ${store},
 \"images\": [
${images}],
 \"members\": [
  ${members}]}
"
  )
endfunction()
