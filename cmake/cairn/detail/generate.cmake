# The end of the top-level configuration: everything that was declared becomes descriptions, edges
# and tests; in a release tree (CAIRN_RECORDS_FROM) what is to be published, and nothing to build.
# Runs once, deferred by _cairn_begin.
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
  if("${CAIRN_RECORDS_FROM}" STREQUAL "")
    _cairn_resolve_engines("${required}")
  endif()
  set(front "")
  foreach(stack IN LISTS stacks)
    _cairn_generate_stack("${stack}")
    _cairn_stack_property(top_level "${stack}" TOP_LEVEL)
    if(top_level)
      list(APPEND front "${stack}")
    endif()
  endforeach()
  _cairn_remove_stale_files()
  _cairn_stack_suffixes(suffixes)
  foreach(suffix IN LISTS suffixes)
    set(parts "${front}")
    list(TRANSFORM parts APPEND "-${suffix}")
    _cairn_add_aggregate(${suffix} ${parts})
  endforeach()
endfunction()

# _cairn_stack_suffixes(<out>): the targets of a stack, behind its name and '-'.
function(_cairn_stack_suffixes out)
  set(
    ${out}
    images
    images-test
    images-export
    images-push
    publish
    doctor
    status
    plan
    graph
    PARENT_SCOPE
  )
endfunction()

# What a top-level project has without the stacks' names: those of the parts that are there.
function(_cairn_add_aggregate name)
  foreach(part IN LISTS ARGN)
    if(TARGET "${part}")
      if(NOT TARGET ${name})
        add_custom_target(${name})
        set(made TRUE)
      endif()
      if(made)
        add_dependencies(${name} "${part}")
      endif()
    endif()
  endforeach()
endfunction()

# One stack: parents first, so that each image finds what it inherits.
function(_cairn_generate_stack stack)
  _cairn_complete_variants("${stack}")
  _cairn_order_images("${stack}" targets)
  get_property(root GLOBAL PROPERTY _CAIRN_ROOT)
  set(stack_file "${root}/${stack}.stack.json")
  set(release_file "${root}/${stack}.release.json")
  _cairn_collect_stack_facts("${stack}")
  _cairn_collect_release_facts("${stack}")
  # Grown as properties: a list that every call hands back is copied whole each time.
  set(
    grown
    directories
    elsewhere
    members
    keys
    image_outputs
    test_outputs
    released
    released_json
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
  set_property(GLOBAL APPEND PROPERTY _CAIRN_DESCRIBED "${stack}.stack.json" "${stack}.index")
  if("${CAIRN_RECORDS_FROM}" STREQUAL "")
    _cairn_add_stack_targets("${stack}")
    _cairn_add_build_fixture("${stack}")
  endif()
  if(released)
    _cairn_write_release_description("${stack}")
    set_property(GLOBAL APPEND PROPERTY _CAIRN_DESCRIBED "${stack}.release.json")
    _cairn_add_release_targets("${stack}")
  endif()
endfunction()
