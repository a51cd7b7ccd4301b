execute_process(
  COMMAND ninja -C "${BUILD}" -f "${NINJA_FILE}" -t commands all
  OUTPUT_VARIABLE commands
  COMMAND_ERROR_IS_FATAL ANY
)
if(CONFIGURATION STREQUAL "Debug" AND commands MATCHES "stage_install|cairn build")
  fail("Debug must stage and build nothing" "" "${commands}")
elseif(NOT CONFIGURATION STREQUAL "Debug" AND NOT commands MATCHES "stage_install.*cairn build")
  fail("Release must stage, then build" "" "${commands}")
endif()
