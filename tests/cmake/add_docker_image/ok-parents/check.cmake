expect_words(
  demo.stack.json images
  "${ROOT}/images/other/${ARCH}" "${ROOT}/images/base/${ARCH}" "${ROOT}/images/child/${ARCH}"
)
set(file "images/child/${ARCH}/build.json")
expect_json("${file}" base parents 0 target)
expect_json("${file}" base parents 0 repository)
expect_json("${file}" "" parents 0 variant)
expect_json("${file}" "${ROOT}/images/base/${ARCH}" parents 0 directory)
expect_json("${file}" other parents 1 target)
expect_json("${file}" OFF is_parent)
expect_json("images/base/${ARCH}/build.json" ON is_parent)
expect_json("images/other/${ARCH}/build.json" ON is_parent)
expect_steps(
  child
  "scan demo.stack.json" "build base/${ARCH}" "build other/${ARCH}" "build child/${ARCH}"
  "inspect child/${ARCH}"
)
expect_steps(base "scan demo.stack.json" "build base/${ARCH}" "inspect base/${ARCH}")
