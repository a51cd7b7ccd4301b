# The targets that publish. The tool is run once for a whole stack; docs/decisions/0009 says what
# targets an image cost.
include_guard(GLOBAL)

# Pushing waits for images, publishing also for their tests; both export first, and a release tree
# has nothing to wait for.
function(_cairn_add_release_targets stack)
  set(builds FALSE)
  if("${CAIRN_RECORDS_FROM}" STREQUAL "")
    set(builds TRUE)
  endif()
  _cairn_add_release_target("${stack}-images-push" "Pushing images of stack ${stack}" "" push)
  _cairn_add_release_target("${stack}-publish" "Publishing stack ${stack}" "" release publish)
  _cairn_add_release_target("${stack}-doctor" "Examining what is published of ${stack}" "" doctor)
  if(builds)
    add_dependencies("${stack}-images-push" "${stack}-images-export")
    add_dependencies("${stack}-publish" "${stack}-images-export" "${stack}-images-test")
  else()
    _cairn_add_release_target("${stack}-plan" "Planning a release of ${stack}" "" release plan)
  endif()
  list(LENGTH released count)
  if(NOT count GREATER 100)
    foreach(target IN LISTS released)
      _cairn_add_image_release_targets()
    endforeach()
  endif()
endfunction()

# <target>-push and <target>-publish, the latter with what the image stands on.
function(_cairn_add_image_release_targets)
  foreach(suffix IN ITEMS push publish)
    if(TARGET "${target}-${suffix}")
      _cairn_fail(
        "target '${target}-${suffix}' exists already; image '${target}' needs the name"
        "Rename one of them."
      )
    endif()
  endforeach()
  set(export "")
  if(builds)
    set(words export "--build-dir=${stack_file}" "${target}")
    list(JOIN words "${step_between}" words)
    set(export COMMAND "${step_front}${words}${step_back}")
  endif()
  _cairn_add_release_target(
    "${target}-push" "Pushing image ${target}" "${export}"
    push "${target}"
  )
  _cairn_add_release_target(
    "${target}-publish" "Publishing image ${target}" "${export}"
    release publish "--only=${target}"
  )
  if(builds)
    add_dependencies("${target}-push" "${target}")
    set(waits "${target}")
    _cairn_add_ancestors(waits)
    add_dependencies("${target}-publish" ${waits})
    list(TRANSFORM waits APPEND -test)
    add_dependencies("${target}-publish" ${waits})
  endif()
endfunction()

# _cairn_add_ancestors(<list variable>): behind the images of the list all that they are built FROM.
function(_cairn_add_ancestors list)
  set(pending ${${list}})
  while(pending)
    list(POP_FRONT pending target)
    get_property(parents TARGET "${target}" PROPERTY CAIRN_PARENTS)
    foreach(parent IN LISTS parents)
      if(NOT parent IN_LIST ${list})
        list(APPEND ${list} "${parent}")
        list(APPEND pending "${parent}")
      endif()
    endforeach()
  endwhile()
  return(PROPAGATE ${list})
endfunction()

# _cairn_add_release_target(<name> <comment> <command before> <word>...): the words are the tool's
# verb.
function(_cairn_add_release_target name comment before)
  list(JOIN ARGN "${step_between}" words)
  add_custom_target(
    "${name}"
    ${before}
    COMMAND ${step_front}${words}${step_between}--build-dir=${release_file}${step_back}
    COMMENT "${comment}"
    USES_TERMINAL
    COMMAND_EXPAND_LISTS
    VERBATIM
  )
endfunction()
