# build.json: docs/reference/records.md has its schema. The functions are of the caller's variables,
# which _cairn_generate_image and _cairn_generate_platform set.
include_guard(GLOBAL)

# What build.json says on every platform alike, into `common_json` and `parents` of the caller.
function(_cairn_collect_image_json target)
  foreach(
    keyword
    IN
    ITEMS
      CONTEXT
      DOCKERFILE
      STAGE
      NETWORK
      REFRESH
      BUILD_ARGS
      CACHE_ARGS
      LABELS
      SECRETS
      SSH
      ADDED_HOSTS
      BUILD_FLAGS
      PARENTS
      CONTENT_PARENTS
      IS_PARENT
      NORMALIZE_MODES
      REPRODUCIBLE
      GENERATED
      SOURCE
      DECLARED_AT
  )
    get_property(${keyword} TARGET "${target}" PROPERTY CAIRN_${keyword})
  endforeach()
  _cairn_add_defaults()
  foreach(name IN LISTS CACHE_ARGS)
    if(NOT "${${name}}" STREQUAL "")
      _cairn_encode(value "${${name}}")
      list(APPEND BUILD_ARGS "${name}=${value}")
    endif()
  endforeach()
  set(
    json
    "\"stack\": \"${stack}\", \"target\": \"${target}\", \"image\": \"${image}\", \"variant\": \"${variant}\",\n \"repository\": \"${repository}\", \"registry\": \"${registry}\", \"owner\": \"${owner}\", \"refresh\": \"${REFRESH}\""
  )
  foreach(
    pair
    IN
    ITEMS context=CONTEXT dockerfile=DOCKERFILE stage=STAGE network=NETWORK declared_at=DECLARED_AT
  )
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
    ",\n \"stack_file\": ${stack_file_json}, \"source\": \"${SOURCE}\", \"keep_images\": ${CAIRN_KEEP_IMAGES}, \"build_slots\": ${CAIRN_BUILD_SLOTS}"
  )
  set(common_json "${json}" PARENT_SCOPE)
  set(parents ${PARENTS} ${CONTENT_PARENTS} PARENT_SCOPE)
  set(generated "${GENERATED}" PARENT_SCOPE)
endfunction()

# What the image does not say itself.
function(_cairn_add_defaults)
  if("${REFRESH}" STREQUAL "")
    set(REFRESH "${stack_refresh}")
    if("${REFRESH}" STREQUAL "")
      set(REFRESH never)
    endif()
  endif()
  if("${NETWORK}" STREQUAL "")
    set(NETWORK "${CAIRN_BUILD_NETWORK}")
  endif()
  if("${SOURCE}" STREQUAL "")
    set(SOURCE source-tree)
  endif()
  if(NOT "${ca_bundle}" STREQUAL "")
    list(PREPEND SECRETS "cairn-ca=${ca_bundle}")
  endif()
  return(PROPAGATE REFRESH NETWORK SOURCE SECRETS)
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
  if(common_json MATCHES "{arch}")
    get_property(source TARGET "${target}" PROPERTY CAIRN_SOURCE)
    if(source STREQUAL "generated")
      string(REPLACE "{arch}" "${arch}" common_json "${common_json}")
    endif()
  endif()
  set(native false)
  if(platform IN_LIST native_platforms)
    set(native true)
  endif()
  file(
    GENERATE OUTPUT "${directory}/build.json"
    CONTENT
      "{\"schema\": \"cairn/build-description/1\", \"platform\": \"${platform}\",
 \"native\": ${native}, ${common_json},
 \"parents\": [${parents_json}], \"generated\": [${generated_json}]}
"
  )
endfunction()
