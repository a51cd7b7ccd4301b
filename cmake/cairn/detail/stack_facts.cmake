# What is said of a whole stack: for its description, and for each of its images.
include_guard(GLOBAL)

# _cairn_require_stack(<stack>): stops unless it is declared.
function(_cairn_require_stack stack)
  if(TARGET "cairn::stack::${stack}")
    return()
  endif()
  get_property(stacks GLOBAL PROPERTY _CAIRN_STACKS)
  list(JOIN stacks ", " stacks)
  _cairn_fail(
    "there is no stack '${stack}'"
    "Write first: add_docker_stack(${stack} …)"
    "Declared so far: ${stacks}"
  )
endfunction()

# _cairn_keep_stack_fact(<stack> <member> <json>): once a stack.
function(_cairn_keep_stack_fact stack member json)
  set(carrier "cairn::stack::${stack}")
  get_property(taken TARGET "${carrier}" PROPERTY "CAIRN_FACT_${member}" SET)
  if(taken)
    _cairn_fail("the ${member} of stack '${stack}' is said twice" "Write one call.")
  endif()
  set_property(TARGET "${carrier}" PROPERTY "CAIRN_FACT_${member}" "${json}")
endfunction()

# _cairn_stack_facts(<out> <stack>): members of the stack file, each with a comma in front.
function(_cairn_stack_facts out stack)
  set(text "")
  get_property(engines GLOBAL PROPERTY _CAIRN_ENGINES)
  if(engines)
    list(JOIN engines ", " engines)
    string(APPEND text ",\n \"engines\": {${engines}}")
  endif()
  _cairn_stack_property(compression "${stack}" COMPRESSION)
  if(NOT "${compression}" STREQUAL "")
    string(APPEND text ",\n \"compression\": \"${compression}\"")
  endif()
  foreach(member IN ITEMS history ci)
    _cairn_stack_property(json "${stack}" "FACT_${member}")
    if(NOT "${json}" STREQUAL "")
      string(APPEND text ",\n \"${member}\": ${json}")
    endif()
  endforeach()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# What every image of a stack needs, read once, into the caller's variables.
macro(_cairn_collect_stack_facts stack_)
  get_property(build_platforms GLOBAL PROPERTY _CAIRN_BUILD_PLATFORMS)
  get_property(native_platforms GLOBAL PROPERTY _CAIRN_NATIVE_PLATFORMS)
  _cairn_stack_property(stack_platforms "${stack_}" PLATFORMS)
  _cairn_normal_platforms(stack_platforms)
  _cairn_stack_property(registry "${stack_}" REGISTRY)
  _cairn_stack_property(owner "${stack_}" OWNER)
  _cairn_stack_property(stack_refresh "${stack_}" REFRESH)
  if("${stack_refresh}" STREQUAL "")
    set(stack_refresh never)
  endif()
  _cairn_stack_property(stack_source "${stack_}" SOURCE_DIR)
  _cairn_stack_property(configurations "${stack_}" CONFIGURATIONS)
  foreach(kind IN ITEMS PROBE SECTION TEST)
    _cairn_stack_property(limited_${kind} "${stack_}" LIMITED_${kind})
  endforeach()
  _cairn_stack_prefix(front "${stack_}")
  get_property(ca_bundle GLOBAL PROPERTY _CAIRN_CA_BUNDLE)
  separate_arguments(stack_flags UNIX_COMMAND "${CAIRN_BUILD_FLAGS}")
  _cairn_collect_step_parts()
  set(json_special "[^ !#-Z^-~]")
  # Whatever variables of these names the project has.
  foreach(
    keyword
    IN
    ITEMS BUILD_ARGS LABELS SECRETS SSH ADDED_HOSTS BUILD_FLAGS
  )
    set(${keyword} "")
  endforeach()
  _cairn_collections_json(plain_collections)
  set(usual_promise "${stack_platforms}")
  if("${usual_promise}" STREQUAL "")
    set(usual_promise "${build_platforms}")
  endif()
  _cairn_common_platforms(usual_built "${build_platforms}" "${usual_promise}")
  foreach(platform IN LISTS build_platforms)
    _cairn_arch_name("arch_of_${platform}" "${platform}")
  endforeach()
  _cairn_json_text(stack_file_json "${stack_file}")
  _cairn_json_text(source_json "${stack_source}")
endmacro()
