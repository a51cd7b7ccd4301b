# Probes, sections and tests: parts of a stack that images inherit. A part is kept as the inside of
# its JSON object, so that describing an image only joins what is there.
include_guard(GLOBAL)

# _cairn_require_new(<stack> <PROBE|SECTION> <name>): stops when the name is taken.
function(_cairn_require_new stack kind name)
  get_property(taken TARGET "cairn::stack::${stack}" PROPERTY "CAIRN_${kind}_${name}" SET)
  if(taken)
    string(TOLOWER "${kind}" word)
    _cairn_fail(
      "${word} '${name}' is declared twice in stack '${stack}'"
      "Give one of them another name."
    )
  endif()
endfunction()

# _cairn_keep_part(<stack> <kind> <name> <json>): also the limits that the caller was given.
function(_cairn_keep_part stack kind name json)
  set_property(TARGET "cairn::stack::${stack}" PROPERTY "CAIRN_${kind}_${name}" "${json}")
  foreach(limit IN ITEMS PLATFORMS VARIANTS)
    if(DEFINED arg_${limit})
      if(limit STREQUAL "PLATFORMS")
        _cairn_normal_platforms(arg_PLATFORMS)
      endif()
      set_property(
        TARGET "cairn::stack::${stack}"
        PROPERTY "CAIRN_${kind}_${name}_${limit}" "${arg_${limit}}"
      )
      set_property(TARGET "cairn::stack::${stack}" PROPERTY "CAIRN_LIMITED_${kind}" TRUE)
    endif()
  endforeach()
endfunction()
