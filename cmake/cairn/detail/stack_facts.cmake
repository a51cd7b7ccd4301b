# What is said of a whole stack and stands in its description.
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
  foreach(member IN ITEMS history ci)
    _cairn_stack_property(json "${stack}" "FACT_${member}")
    if(NOT "${json}" STREQUAL "")
      string(APPEND text ",\n \"${member}\": ${json}")
    endif()
  endforeach()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()
