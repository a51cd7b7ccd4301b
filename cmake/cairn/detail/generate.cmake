# The end of the top-level configuration: everything that was declared becomes descriptions, edges
# and tests. Runs once, deferred by _cairn_begin.
include_guard(GLOBAL)

function(_cairn_generate)
  list(APPEND CMAKE_MESSAGE_CONTEXT "add_docker_image")
  get_property(stacks GLOBAL PROPERTY _CAIRN_STACKS)
  set(required FALSE)
  foreach(stack IN LISTS stacks)
    _cairn_stack_property(all "${stack}" ALL)
    if(all)
      set(required TRUE)
    endif()
  endforeach()
  _cairn_resolve_engines("${required}")
  set(front "")
  foreach(stack IN LISTS stacks)
    _cairn_generate_stack("${stack}")
    _cairn_stack_property(top_level "${stack}" TOP_LEVEL)
    if(top_level)
      list(APPEND front "${stack}")
    endif()
  endforeach()
  foreach(
    suffix
    IN
    ITEMS images images-test images-export status plan graph
  )
    if(front AND NOT TARGET ${suffix})
      add_custom_target(${suffix})
      foreach(stack IN LISTS front)
        add_dependencies(${suffix} "${stack}-${suffix}")
      endforeach()
    endif()
  endforeach()
endfunction()

# One stack: parents first, so that each image finds what it inherits.
function(_cairn_generate_stack stack)
  _cairn_complete_variants("${stack}")
  _cairn_order_images("${stack}" targets)
  get_property(root GLOBAL PROPERTY _CAIRN_ROOT)
  set(stack_file "${root}/${stack}.stack.json")
  _cairn_collect_stack_facts("${stack}")
  # Grown as properties: a list that every call hands back is copied whole each time.
  set(
    grown
    directories
    members
    keys
    image_outputs
    test_outputs
  )
  foreach(list IN LISTS grown)
    set_property(GLOBAL PROPERTY _CAIRN_GROWN_${list} "")
  endforeach()
  foreach(target IN LISTS targets)
    _cairn_inherit("${target}" "${stack}")
    _cairn_generate_image("${target}")
  endforeach()
  foreach(list IN LISTS grown)
    get_property(${list} GLOBAL PROPERTY _CAIRN_GROWN_${list})
  endforeach()
  _cairn_write_stack_file("${stack}")
  _cairn_add_stack_targets("${stack}")
  _cairn_add_build_fixture("${stack}")
endfunction()

# One image on every platform that this tree builds. Appends to the grown lists.
function(_cairn_generate_image target)
  get_target_property(image "${target}" CAIRN_IMAGE)
  get_target_property(variant "${target}" CAIRN_VARIANT)
  get_target_property(platforms "${target}" CAIRN_BUILT_PLATFORMS)
  set(repository "${front}${image}")
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
  set_property(
    GLOBAL
    APPEND
    PROPERTY
      _CAIRN_GROWN_members
        "{\"repository\": \"${repository}\", \"variant\": \"${variant}\", \"target\": \"${target}\"}"
  )
  set_property(GLOBAL APPEND PROPERTY _CAIRN_GROWN_image_outputs ${outputs})
  set_property(GLOBAL APPEND PROPERTY _CAIRN_GROWN_test_outputs ${tests})
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
