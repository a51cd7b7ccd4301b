expect_steps(doctor "doctor --build-dir=demo.release.json")
execute_process(
  COMMAND ninja -C "${BUILD}" -f "${NINJA_FILE}" -t query base-0-push
  RESULT_VARIABLE ninja_status
  OUTPUT_QUIET
  ERROR_QUIET
)
if(ninja_status EQUAL 0)
  fail("there must be no targets of single images" "" "base-0-push")
endif()
