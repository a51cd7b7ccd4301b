# Without an image to publish there is nothing to say of releases, and no target.
expect_absent(demo.release.json)
execute_process(
  COMMAND ninja -C "${BUILD}" -f "${NINJA_FILE}" -t query publish
  RESULT_VARIABLE ninja_status
  OUTPUT_QUIET
  ERROR_QUIET
)
if(ninja_status EQUAL 0)
  fail("there must be no target 'publish'" "" "one")
endif()
