# build.json: docs/reference/records.md has its schema. The functions are of the caller's variables,
# which _cairn_generate_image and _cairn_generate_platform set.
include_guard(GLOBAL)

# What build.json says on every platform alike, into `common_json` of the caller, and the properties
# that the graph needs. Most images say little, so what is empty is not looked at one by one.
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
      FILES_ASKED
      NORMALIZE_MODES
      REPRODUCIBLE
      GENERATED
      GENERATED_FILES
      SOURCE
      DECLARED_AT
  )
    get_property(${keyword} TARGET "${target}" PROPERTY CAIRN_${keyword})
  endforeach()
  _cairn_add_defaults()
  if("${CONTEXT}${DOCKERFILE}${STAGE}${NETWORK}${DECLARED_AT}" MATCHES "${json_special}")
    foreach(
      keyword
      IN
      ITEMS CONTEXT DOCKERFILE STAGE NETWORK DECLARED_AT
    )
      _cairn_json_inside(${keyword} "${${keyword}}")
    endforeach()
  endif()
  set(collections "${plain_collections}")
  if(NOT "${BUILD_ARGS}${LABELS}${SECRETS}${SSH}${ADDED_HOSTS}${BUILD_FLAGS}" STREQUAL "")
    _cairn_collections_json(collections)
  endif()
  set(flags "\"is_parent\": false, \"normalize_modes\": false, \"reproducible\": false")
  if(IS_PARENT OR NORMALIZE_MODES OR REPRODUCIBLE)
    foreach(keyword IN ITEMS IS_PARENT NORMALIZE_MODES REPRODUCIBLE)
      if(${keyword})
        string(TOLOWER ${keyword} member)
        string(REPLACE "\"${member}\": false" "\"${member}\": true" flags "${flags}")
      endif()
    endforeach()
  endif()
  set(
    common_json
    "\"stack\": \"${stack}\", \"target\": \"${target}\",
 \"image\": \"${image}\", \"variant\": \"${variant}\", \"repository\": \"${repository}\",
 \"registry\": \"${registry}\", \"owner\": \"${owner}\", \"refresh\": \"${REFRESH}\",
 \"context\": \"${CONTEXT}\", \"dockerfile\": \"${DOCKERFILE}\",
 \"stage\": \"${STAGE}\", \"network\": \"${NETWORK}\", \"declared_at\": \"${DECLARED_AT}\",
 ${collections},
 ${flags},
 \"stack_file\": ${stack_file_json}, \"source\": \"${SOURCE}\",
 \"keep_images\": ${CAIRN_KEEP_IMAGES}, \"build_slots\": ${CAIRN_BUILD_SLOTS}"
  )
  set(parents ${PARENTS} ${CONTENT_PARENTS})
  return(
    PROPAGATE common_json parents SOURCE GENERATED GENERATED_FILES IS_PARENT FILES_ASKED
  )
endfunction()

# What the image does not say itself. A macro of _cairn_collect_image_json, for its variables.
macro(_cairn_add_defaults)
  if("${REFRESH}" STREQUAL "")
    set(REFRESH "${stack_refresh}")
  endif()
  if("${NETWORK}" STREQUAL "")
    set(NETWORK "${CAIRN_BUILD_NETWORK}")
  endif()
  if("${SOURCE}" STREQUAL "")
    set(SOURCE source-tree)
  endif()
  foreach(name IN LISTS CACHE_ARGS)
    if(NOT "${${name}}" STREQUAL "")
      _cairn_encode(value "${${name}}")
      list(APPEND BUILD_ARGS "${name}=${value}")
    endif()
  endforeach()
endmacro()

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
  foreach(entry IN LISTS GENERATED)
    string(REPLACE "{arch}" "${arch}" entry "${entry}")
    string(REGEX MATCH "^(.*)[|](.*)$" entry "${entry}")
    set(into "${CMAKE_MATCH_2}")
    _cairn_json_text(from "${CMAKE_MATCH_1}")
    _cairn_json_text(into "${into}")
    string(APPEND generated_json "${comma}{\"from\": ${from}, \"into\": ${into}}")
    set(comma ", ")
  endforeach()
  if(SOURCE STREQUAL "generated")
    string(REPLACE "{arch}" "${arch}" common_json "${common_json}")
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
