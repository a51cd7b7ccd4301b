# One image at the end of the configuration. The functions are of the caller's variables, which
# _cairn_generate_stack sets.
include_guard(GLOBAL)

# One image on every platform that this tree builds. Appends to the grown lists.
function(_cairn_generate_image target)
  get_target_property(image "${target}" CAIRN_IMAGE)
  get_target_property(variant "${target}" CAIRN_VARIANT)
  get_target_property(platforms "${target}" CAIRN_BUILT_PLATFORMS)
  set(repository "${front}${image}")
  _cairn_claim_name()
  set_property(
    GLOBAL
    APPEND
    PROPERTY
      _CAIRN_GROWN_members
        "{\"repository\": \"${repository}\", \"variant\": \"${variant}\", \"target\": \"${target}\"}"
  )
  _cairn_describe_release_image()
  _cairn_note_elsewhere()
  if(NOT "${CAIRN_RECORDS_FROM}" STREQUAL "")
    return()
  endif()
  set(outputs "")
  set(tests "")
  _cairn_collect_image_json("${target}")
  list(LENGTH platforms count)
  foreach(platform IN LISTS platforms)
    set(arch "${arch_of_${platform}}")
    set(directory "${root}/images/${target}/${arch}")
    # Stands on all that the build makes.
    set(own_outputs "${directory}/inspection.json")
    _cairn_generate_platform()
    list(APPEND outputs ${own_outputs})
    list(APPEND tests ${own_tests})
    set_property(GLOBAL APPEND PROPERTY _CAIRN_GROWN_directories "${directory}")
    if(count GREATER 1)
      _cairn_add_arch_targets()
    endif()
  endforeach()
  set_property(TARGET "${target}" PROPERTY CAIRN_OUTPUTS "${outputs}")
  _cairn_add_test_target("${target}" ${tests})
  set_property(GLOBAL APPEND PROPERTY _CAIRN_GROWN_image_outputs ${outputs})
  set_property(GLOBAL APPEND PROPERTY _CAIRN_GROWN_test_outputs ${tests})
endfunction()

# The folders of what is declared and not built by this tree: their records are not left over from
# an image that is gone.
function(_cairn_note_elsewhere)
  get_property(promise TARGET "${target}" PROPERTY CAIRN_PROMISED_PLATFORMS)
  foreach(platform IN LISTS promise)
    if("${CAIRN_RECORDS_FROM}" STREQUAL "" AND platform IN_LIST platforms)
      continue()
    endif()
    _cairn_arch_name(arch "${platform}")
    set_property(
      GLOBAL
      APPEND
      PROPERTY _CAIRN_GROWN_elsewhere "\"${root}/images/${target}/${arch}\""
    )
  endforeach()
endfunction()

# Of two images with one name each build would take the name from the other, whatever their stacks:
# what REGISTRY and OWNER make of a name is known only here.
function(_cairn_claim_name)
  get_property(other GLOBAL PROPERTY "_CAIRN_REPOSITORY_${repository}/${variant}")
  if(other)
    get_target_property(other_stack "${other}" CAIRN_STACK)
    set(both "'${other}' of stack '${other_stack}' and '${target}' of stack '${stack}'")
    _cairn_fail(
      "${both} both make '${repository}'"
      "Give one of them another name (NAME <image>), or one stack another REGISTRY or OWNER."
      "CAIRN_REGISTRY and CAIRN_OWNER, when set, are those of every stack."
    )
  endif()
  set_property(GLOBAL PROPERTY "_CAIRN_REPOSITORY_${repository}/${variant}" "${target}")
endfunction()

# One image on one platform: three descriptions, three edges, one CTest test a test.
function(_cairn_generate_platform)
  _cairn_write_build_description()
  _cairn_write_inspect_description()
  set(own_keys "${directory}/key")
  set(own_tests "")
  _cairn_select_tests(ids)
  if(ids)
    list(TRANSFORM ids REPLACE "^.*/" "${directory}/tests/" OUTPUT_VARIABLE own_tests)
    list(TRANSFORM own_tests APPEND .json)
    list(APPEND own_keys "${directory}/tests.key")
    _cairn_write_test_description("${ids}")
  endif()
  if(SOURCE STREQUAL "generated")
    _cairn_add_rootfs_edge()
  endif()
  _cairn_add_image_edges()
  if(ids)
    _cairn_add_ctest_tests("${ids}")
  endif()
  set_property(GLOBAL APPEND PROPERTY _CAIRN_GROWN_keys ${own_keys})
  return(PROPAGATE own_tests)
endfunction()
