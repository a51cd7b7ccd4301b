# <stack>.release.json, what a release of the stack has to have: docs/reference/records.md has its
# schema. The functions are of the caller's variables, which _cairn_generate_stack sets.
include_guard(GLOBAL)

# Of the whole stack: which probe tells images' `latest` apart, and what happens to skewed tags.
macro(_cairn_collect_release_facts stack_)
  _cairn_stack_property(stack_skew "${stack_}" SKEW)
  if("${stack_skew}" STREQUAL "")
    set(stack_skew withhold)
  endif()
  _cairn_stack_property(stack_latest_by "${stack_}" LATEST_BY)
  if(NOT "${stack_latest_by}" STREQUAL "")
    _cairn_require_probe("${stack_}" "${stack_latest_by}")
  endif()
endmacro()

function(_cairn_require_probe stack name)
  get_property(known TARGET "cairn::stack::${stack}" PROPERTY "CAIRN_PROBE_${name}" SET)
  if(NOT known)
    list(APPEND CMAKE_MESSAGE_CONTEXT "add_docker_stack")
    _cairn_fail("'${name}' in 'LATEST_BY' is not declared" "Write: add_docker_tag_probe(${name} …)")
  endif()
endfunction()

# The caller's `target` with its `image`, `variant` and `repository`, unless it is never published:
# NO_PUBLISH, or none of its platforms is in CAIRN_RELEASE_PLATFORMS. Appends to the grown list
# `released`.
function(_cairn_describe_release_image)
  get_property(no_publish TARGET "${target}" PROPERTY CAIRN_NO_PUBLISH)
  if(no_publish)
    return()
  endif()
  get_property(platforms TARGET "${target}" PROPERTY CAIRN_PROMISED_PLATFORMS)
  get_property(narrowed GLOBAL PROPERTY _CAIRN_RELEASE_PLATFORMS)
  if(NOT "${narrowed}" STREQUAL "")
    _cairn_common_platforms(platforms "${platforms}" "${narrowed}")
    if("${platforms}" STREQUAL "")
      return()
    endif()
  endif()
  get_property(skew TARGET "${target}" PROPERTY CAIRN_SKEW)
  get_property(latest_by TARGET "${target}" PROPERTY CAIRN_LATEST_BY)
  if("${skew}" STREQUAL "")
    set(skew "${stack_skew}")
  endif()
  if(NOT "${latest_by}${stack_latest_by}" STREQUAL "")
    _cairn_choose_latest_by()
  endif()
  list(JOIN platforms "\", \"" platforms)
  set_property(GLOBAL APPEND PROPERTY _CAIRN_GROWN_released "${target}")
  set_property(
    GLOBAL
    APPEND
    PROPERTY
      _CAIRN_GROWN_released_json
        "{\"target\": \"${target}\", \"image\": \"${image}\", \"variant\": \"${variant}\", \"repository\": \"${repository}\", \"platforms\": [\"${platforms}\"], \"skew\": \"${skew}\", \"latest_by\": \"${latest_by}\"}"
  )
endfunction()

# The caller's `latest_by`: its own probe, which it must have, or the stack's where it has that.
function(_cairn_choose_latest_by)
  get_property(flat TARGET "${target}" PROPERTY _CAIRN_FLAT_TAG_PROBES)
  set(wanted "${latest_by}")
  if("${latest_by}" STREQUAL "")
    set(wanted "${stack_latest_by}")
  endif()
  string(FIND ";${flat}" ";${wanted}|" at)
  if(at EQUAL -1 AND NOT "${latest_by}" STREQUAL "")
    list(TRANSFORM flat REPLACE "[|].*$" "")
    list(JOIN flat " " flat)
    _cairn_fail(
      "'${latest_by}' in 'LATEST_BY' is no probe of '${target}'"
      "It has: ${flat}"
      "Add it: TAG_PROBES ${latest_by}"
    )
  endif()
  set(latest_by "")
  if(NOT at EQUAL -1)
    set(latest_by "${wanted}")
  endif()
  return(PROPAGATE latest_by)
endfunction()

function(_cairn_write_release_description stack)
  _cairn_find_root_repository(root_repository "${stack}")
  foreach(
    keyword
    IN
    ITEMS
      RELEASE_TAGS
      PINNED
      PINNED_SUFFIX
      ANCHOR_TAGS
      DESTINATIONS
      MEDIA_TYPES
      NO_ARCH_TAGS
      ACCEPT_EMULATED
      VERSION
      HOOKS
  )
    _cairn_stack_property(${keyword} "${stack}" ${keyword})
  endforeach()
  if(NOT "${CAIRN_DESTINATIONS}" STREQUAL "")
    set(DESTINATIONS "${CAIRN_DESTINATIONS}")
  endif()
  foreach(keyword IN ITEMS RELEASE_TAGS PINNED ANCHOR_TAGS DESTINATIONS)
    _cairn_json_list(${keyword} ${${keyword}})
  endforeach()
  set(flags "\"arch_tags\": true, \"docker_types\": false, \"accept_emulated\": false")
  if(NO_ARCH_TAGS)
    string(REPLACE "\"arch_tags\": true" "\"arch_tags\": false" flags "${flags}")
  endif()
  if("${MEDIA_TYPES}" STREQUAL "docker")
    string(REPLACE "\"docker_types\": false" "\"docker_types\": true" flags "${flags}")
  endif()
  if(ACCEPT_EMULATED)
    string(REPLACE "\"accept_emulated\": false" "\"accept_emulated\": true" flags "${flags}")
  endif()
  _cairn_json_text(store "${CAIRN_STORE}")
  _cairn_json_text(ca_bundle "${CAIRN_REGISTRY_CA_BUNDLE}")
  _cairn_json_list(plain_http ${CAIRN_PLAIN_HTTP})
  _cairn_json_list(records "${root}" ${CAIRN_RECORDS_FROM})
  list(JOIN released_json ",\n  " images)
  file(
    GENERATE OUTPUT "${release_file}"
    CONTENT
      "{\"schema\": \"cairn/release-description/1\", \"stack\": \"${stack}\",
 \"stack_file\": ${stack_file_json}, \"store\": ${store}, \"source_dir\": ${source_json},
 \"root_repository\": \"${root_repository}\", \"version\": \"${VERSION}\",
 \"tags\": ${RELEASE_TAGS}, \"pinned\": ${PINNED}, \"pinned_suffix\": \"${PINNED_SUFFIX}\",
 \"anchor_tags\": ${ANCHOR_TAGS}, ${flags},
 \"destinations\": ${DESTINATIONS}, \"ca_bundle\": ${ca_bundle}, \"plain_http\": ${plain_http},
 \"records\": ${records},
 \"hooks\": [${HOOKS}],
 \"images\": [
  ${images}]}
"
  )
endfunction()
