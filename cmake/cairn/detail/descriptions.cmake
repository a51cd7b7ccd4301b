# inspect.json, test.json and the stack file: docs/reference/records.md has their schemas. All are
# functions of the caller's variables, which _cairn_generate_image and _cairn_generate_platform set.
include_guard(GLOBAL)

function(_cairn_write_inspect_description)
  get_property(probes TARGET "${target}" PROPERTY _CAIRN_FLAT_TAG_PROBES)
  get_property(sections TARGET "${target}" PROPERTY _CAIRN_FLAT_SECTIONS)
  # Brothers and sisters mostly have the same: made once.
  set(memo "_CAIRN_INSPECT_${probes}@${sections}@${platform}@${variant}")
  get_property(parts TARGET "cairn::stack::${stack}" PROPERTY "${memo}")
  if("${parts}" STREQUAL "")
    _cairn_render(probes PROBE "${probes}")
    _cairn_render(sections SECTION "${sections}")
    set(parts "\"probes\": ${probes},\n \"sections\": ${sections}")
    set_property(TARGET "cairn::stack::${stack}" PROPERTY "${memo}" "${parts}")
  endif()
  file(
    GENERATE OUTPUT "${directory}/inspect.json"
    CONTENT
      "{\"schema\": \"cairn/inspect-description/1\", \"target\": \"${target}\",
 ${parts},
 \"time_limit\": 300, \"repository_url\": \"\", \"source_dir\": ${source_json}}
"
  )
endfunction()

function(_cairn_write_test_description ids)
  _cairn_render(tests TEST "${ids}")
  file(
    GENERATE OUTPUT "${directory}/test.json"
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
  if(NOT "${elsewhere}" STREQUAL "")
    list(JOIN elsewhere ",\n  " elsewhere)
    set(elsewhere ",\n \"elsewhere\": [\n  ${elsewhere}]")
  endif()
  _cairn_stack_facts(facts "${stack}")
  _cairn_json_text(engine "${CMAKE_BINARY_DIR}/cairn/engine.json")
  _cairn_json_text(index "${root}/${stack}.index")
  _cairn_json_text(store "${CAIRN_STORE}")
  _cairn_stack_property(lock "${stack}" LOCK)
  _cairn_json_text(lock "${lock}")
  file(
    GENERATE OUTPUT "${stack_file}"
    CONTENT
      "{\"schema\": \"cairn/stack/1\", \"stack\": \"${stack}\", \"engine\": ${engine},
 \"index\": ${index}, \"store\": ${store}, \"lock\": ${lock},
 \"images\": [
${images}]${elsewhere},
 \"members\": [
  ${members}]${facts}}
"
  )
endfunction()
