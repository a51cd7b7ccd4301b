# One image by digest, without any test.
set(scan "scan demo.stack.json")
expect_steps(
  base-push
  ${scan}
  "build base/${ARCH}"
  "inspect base/${ARCH}"
  "export --build-dir=demo.stack.json"
  "push base"
)

# One image released, with what it stands on; both are tested before.
expect_steps_in_any_order(
  child-publish
  "build base/${ARCH}"
  "build child/${ARCH}"
  "export --build-dir=demo.stack.json"
  "inspect base/${ARCH}"
  "inspect child/${ARCH}"
  "release publish --only=child"
  ${scan}
  "test base/${ARCH}"
  "test child/${ARCH}"
)
execute_process(
  COMMAND ninja -C "${BUILD}" -f "${NINJA_FILE}" -t query hidden-push
  RESULT_VARIABLE ninja_status
  OUTPUT_QUIET
  ERROR_QUIET
)
if(ninja_status EQUAL 0)
  fail("what is never published must have no target for it" "" "hidden-push")
endif()
