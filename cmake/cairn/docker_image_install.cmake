#[=======================================================================[.rst:
docker_image_install
--------------------

Stage what this project installs into an image's build context.

.. versionadded:: 0.1

.. code-block:: cmake

  docker_image_install(<target> INTO <folder> [COMPONENTS <component>...] [DEPENDS <target>...])

``INTO``
  The folder of the context that receives the install tree, relative; may be called once a folder.
  A recipe copies it like any other: ``COPY app/ /usr/local/``.
``COMPONENTS``
  The install components; default all of them.
``DEPENDS``
  The targets whose files are installed: they are built first.

The tree is installed by ``cmake --install`` whenever the image is built, and compared with the last
one: the image is stale only when a file differs.

Target properties written: ``CAIRN_GENERATED``, ``CAIRN_GENERATED_FILES``.

Errors: ``<target>`` is not an image; ``INTO`` is absolute, leads out or is given twice; a name in
``DEPENDS`` that is no target.

.. code-block:: cmake

  docker_image_install(relay-image INTO app COMPONENTS runtime DEPENDS relay)
#]=======================================================================]
include_guard(GLOBAL)

function(docker_image_install)
  list(APPEND CMAKE_MESSAGE_CONTEXT "${CMAKE_CURRENT_FUNCTION}")
  _cairn_parse_arguments("target" "" "INTO" "COMPONENTS;DEPENDS" "INTO")
  _cairn_require_image("${arg_target}")
  cmake_path(SET into NORMALIZE "${arg_INTO}")
  if(into MATCHES "^(/|\\.\\./|\\.\\.$)")
    _cairn_fail(
      "'INTO' is '${arg_INTO}', which is not inside the context"
      "Write a relative folder: INTO app"
    )
  endif()
  string(REGEX REPLACE "/$" "" into "${into}")
  get_property(entries TARGET "${arg_target}" PROPERTY CAIRN_GENERATED)
  string(MAKE_C_IDENTIFIER "${into}" word)
  if(NOT word STREQUAL into)
    # Of `a-b` and `a_b` each needs its own.
    string(SHA1 digest "${into}")
    string(SUBSTRING "${digest}" 0 8 digest)
    string(APPEND word "-${digest}")
  endif()
  get_property(root GLOBAL PROPERTY _CAIRN_ROOT)
  set(folder "${root}/install/${arg_target}/${word}")
  if("${folder}/tree|${into}" IN_LIST entries)
    _cairn_fail(
      "'${into}' of '${arg_target}' is staged twice"
      "Write one call with all COMPONENTS."
    )
  endif()
  set(components "")
  if(DEFINED arg_COMPONENTS)
    list(JOIN arg_COMPONENTS "," components)
  endif()
  set(worker "_cairn-install-${arg_target}-${word}")
  set(
    stage
    "${CMAKE_COMMAND}"
    "-DBUILD=${CMAKE_BINARY_DIR}"
    "-DCONFIG=$<CONFIG>"
    "-DCOMPONENTS=${components}"
    "-DFOLDER=${folder}"
    -P
    "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/detail/stage_install.cmake"
  )
  get_target_property(stack "${arg_target}" CAIRN_STACK)
  _cairn_stack_property(configurations "${stack}" CONFIGURATIONS)
  _cairn_limit_command(stage)
  add_custom_target(
    "${worker}"
    BYPRODUCTS "${folder}/stamp"
    COMMAND ${stage}
    COMMENT "Installing ${into} of ${arg_target}"
    COMMAND_EXPAND_LISTS
    VERBATIM
  )
  if(DEFINED arg_DEPENDS)
    # Read late: the targets may be declared after this call.
    cmake_language(
      EVAL CODE
        "cmake_language(DEFER DIRECTORY [[${CMAKE_SOURCE_DIR}]] CALL _cairn_depend_on [[${worker}]] ${arg_DEPENDS})"
    )
  endif()
  set_property(TARGET "${arg_target}" APPEND PROPERTY CAIRN_GENERATED "${folder}/tree|${into}")
  set_property(TARGET "${arg_target}" APPEND PROPERTY CAIRN_GENERATED_FILES "${folder}/stamp")
endfunction()

# At the end of the configuration, when every target is known.
function(_cairn_depend_on worker)
  list(APPEND CMAKE_MESSAGE_CONTEXT "docker_image_install")
  foreach(target IN LISTS ARGN)
    if(NOT TARGET "${target}")
      _cairn_fail(
        "there is no target '${target}'"
        "DEPENDS takes the targets whose files are installed."
      )
    endif()
    add_dependencies("${worker}" "${target}")
  endforeach()
endfunction()
