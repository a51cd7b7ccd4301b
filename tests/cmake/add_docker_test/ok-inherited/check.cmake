set(file "images/child/${ARCH}/test.json")
expect_names("${file}" tests runs answers own)
expect_json("${file}" base tests 0 from)
expect_json("${file}" child tests 2 from)
expect_names("images/base/${ARCH}/test.json" tests runs answers)
# COPY --from gives content, no tests.
expect_absent("images/other/${ARCH}/test.json")
expect_steps(
  child-test
  "scan demo.stack.json" "build base/${ARCH}" "build child/${ARCH}" "test child/${ARCH}"
)
