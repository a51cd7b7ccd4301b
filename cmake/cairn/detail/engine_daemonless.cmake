# podman, and what it shares with buildah. What flags they need on this machine (without
# CAP_SYS_RESOURCE the default limits cannot be set; some kernels' cgroups stop crun) is found by
# running `true` on the machine's own /usr, so that no image is needed for it.
include_guard(GLOBAL)

# _cairn_modest_limits(<out>): limits that a machine without CAP_SYS_RESOURCE lets be set.
function(_cairn_modest_limits out)
  set(${out} --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 PARENT_SCOPE)
endfunction()

function(_cairn_find_podman json endpoint)
  find_program(program NAMES podman NO_CACHE)
  if(NOT program)
    return()
  endif()
  set(remote "")
  if(NOT "${endpoint}" STREQUAL "")
    set(remote --connection "${endpoint}")
    if(endpoint MATCHES "://")
      set(remote --url "${endpoint}")
    endif()
  endif()
  _cairn_ask(identity 60 "${program}" ${remote} info --format "{{.Store.GraphRoot}}")
  if("${identity}" STREQUAL "")
    string(APPEND looked_for "'${program} info' fails; ")
    return(PROPAGATE looked_for)
  endif()
  _cairn_modest_limits(limits)
  set(found FALSE)
  foreach(runtime IN ITEMS "" runc crun)
    foreach(flags IN ITEMS "" "--network;host" "${limits}" "${limits};--network;host")
      set(global_flags ${remote})
      if(runtime)
        list(APPEND global_flags --runtime "${runtime}")
      endif()
      if(NOT found)
        set(
          command
          "${program}"
          ${global_flags}
          run
          --rm
          ${flags}
          --rootfs
          @MOUNTS@
          @ROOT@
        )
        _cairn_try_container(found ${command})
        set(build_flags ${flags})
        set(working_global_flags ${global_flags})
      endif()
    endforeach()
  endforeach()
  if(remote OR NOT found)
    set(build_flags "")
    set(working_global_flags ${remote})
  endif()
  set(global_flags ${working_global_flags})
  set(run_flags ${build_flags})
  set(kind podman)
  set(builder "")
  set(version "")
  set(url "")
  _cairn_daemonless_reason(reason podman ${global_flags} ${run_flags})
  _cairn_engine_json(text)
  set(${json} "${text}" PARENT_SCOPE)
endfunction()

# _cairn_try_container(<out> <word>...): whether the command runs `true`; @MOUNTS@ becomes this
# machine's programs, @ROOT@ an empty root folder.
function(_cairn_try_container out)
  set(root "${CMAKE_BINARY_DIR}/CMakeFiles/cairn-try-engine")
  file(MAKE_DIRECTORY "${root}")
  set(command "")
  foreach(word IN LISTS ARGN)
    if(word STREQUAL "@MOUNTS@")
      foreach(folder IN ITEMS /usr /bin /lib /lib64)
        if(EXISTS "${folder}")
          list(APPEND command --volume "${folder}:${folder}:ro")
        endif()
      endforeach()
    elseif(word STREQUAL "@ROOT@")
      list(APPEND command "${root}")
    else()
      list(APPEND command "${word}")
    endif()
  endforeach()
  execute_process(
    COMMAND ${command} /usr/bin/true
    RESULT_VARIABLE status
    OUTPUT_QUIET
    ERROR_QUIET
    TIMEOUT 60
  )
  file(REMOVE_RECURSE "${root}")
  set(${out} FALSE PARENT_SCOPE)
  if(status STREQUAL "0")
    set(${out} TRUE PARENT_SCOPE)
  endif()
endfunction()

function(_cairn_daemonless_reason out kind)
  if(CAIRN_ENGINE STREQUAL "auto")
    set(reason "no docker daemon answers, ${kind} works without one")
  else()
    set(reason "CAIRN_ENGINE says so")
  endif()
  if(ARGN)
    list(JOIN ARGN " " flags)
    string(APPEND reason "; this machine needs ${flags}")
  endif()
  set(${out} "${reason}" PARENT_SCOPE)
endfunction()
