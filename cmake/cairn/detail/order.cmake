# Who stands on whom: variants, parents, cycles.
include_guard(GLOBAL)

# Gives each variant what it does not say itself: everything but the recipe is the image's.
function(_cairn_complete_variants stack)
  _cairn_stack_property(members "${stack}" MEMBERS)
  foreach(target IN LISTS members)
    get_property(base TARGET "${target}" PROPERTY CAIRN_VARIANT_OF)
    if(base)
      foreach(
        keyword
        IN
        ITEMS
          NO_PUBLISH
          NORMALIZE_MODES
          REPRODUCIBLE
          STAGE
          NETWORK
          REFRESH
          SKEW
          LATEST_BY
          PARENTS
          CONTENT_PARENTS
          PLATFORMS
          TAG_PROBES
          SECTIONS
          BUILD_ARGS
          CACHE_ARGS
          LABELS
          SECRETS
          SSH
          ADDED_HOSTS
          BUILD_FLAGS
          DISABLED_TAG_PROBES
          DISABLED_SECTIONS
          DISABLED_TESTS
      )
        get_property(own TARGET "${target}" PROPERTY CAIRN_${keyword} SET)
        if(NOT own)
          get_property(given TARGET "${base}" PROPERTY CAIRN_${keyword} SET)
          if(given)
            get_property(value TARGET "${base}" PROPERTY CAIRN_${keyword})
            set_property(TARGET "${target}" PROPERTY CAIRN_${keyword} "${value}")
          endif()
        endif()
      endforeach()
    endif()
  endforeach()
endfunction()

# _cairn_order_images(<stack> <out>): the stack's images, parents first. Images are mostly declared
# that way round, so one pass is the rule; a pass without progress is a cycle.
function(_cairn_order_images stack out)
  _cairn_stack_property(pending "${stack}" MEMBERS)
  foreach(target IN LISTS pending)
    set("known_${target}" TRUE)
    set("done_${target}" FALSE)
  endforeach()
  set(order "")
  while(pending)
    set(waiting "")
    foreach(target IN LISTS pending)
      get_property(parents TARGET "${target}" PROPERTY CAIRN_PARENTS)
      get_property(others TARGET "${target}" PROPERTY CAIRN_CONTENT_PARENTS)
      set(ready TRUE)
      foreach(parent IN LISTS parents others)
        if(NOT DEFINED "known_${parent}")
          _cairn_check_parent("${stack}" "${target}" "${parent}")
        elseif(NOT done_${parent})
          set(ready FALSE)
          set("waits_${target}" "${parent}")
        endif()
        set_property(TARGET "${parent}" PROPERTY CAIRN_IS_PARENT TRUE)
      endforeach()
      if(ready)
        list(APPEND order "${target}")
        set("done_${target}" TRUE)
      else()
        list(APPEND waiting "${target}")
      endif()
    endforeach()
    if(pending STREQUAL waiting)
      _cairn_fail_cycle()
    endif()
    set(pending "${waiting}")
  endwhile()
  set(${out} "${order}" PARENT_SCOPE)
endfunction()

# A parent that is no member of the stack.
function(_cairn_check_parent stack target parent)
  set(hints "Write first: add_docker_image(${parent} …), or leave it out of PARENTS.")
  if(TARGET "${parent}")
    set(
      hints
      "There is a target of this name, but it is not an image: PARENTS takes image targets."
    )
    get_target_property(other "${parent}" CAIRN_STACK)
    if(other)
      set(
        hints
        "'${parent}' is of stack '${other}'; across stacks the recipe's reference is enough."
      )
    endif()
  endif()
  get_target_property(file "${target}" CAIRN_DECLARED_AT)
  _cairn_fail("parent '${parent}' of '${target}' is not declared" "${hints}" "Declared in: ${file}")
endfunction()

function(_cairn_fail_cycle)
  list(GET waiting 0 target)
  set(seen "")
  while(NOT target IN_LIST seen)
    list(APPEND seen "${target}")
    set(target "${waits_${target}}")
  endwhile()
  list(FIND seen "${target}" first)
  list(SUBLIST seen ${first} -1 seen)
  list(JOIN seen "' needs '" chain)
  _cairn_fail(
    "images need each other: '${chain}' needs '${target}'"
    "Take one of them out of PARENTS."
  )
endfunction()
