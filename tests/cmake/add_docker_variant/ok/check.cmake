# The recipe is the variant's own, all else comes from the image.
set(file "images/base-debug/${ARCH}/build.json")
expect_json("${file}" base-debug target)
expect_json("${file}" base image)
expect_json("${file}" debug variant)
expect_json("${file}" base repository)
expect_json("${file}" "${IMAGES}/base/debug" context)
expect_json("${file}" 1 build_args A)
expect_json("${file}" daily refresh)
expect_names("images/base-debug/${ARCH}/inspect.json" probes file)
expect_names("images/base-debug/${ARCH}/test.json" tests runs)
expect_json("images/child/${ARCH}/build.json" debug parents 0 variant)
expect_json("images/child/${ARCH}/build.json" base parents 0 repository)
expect_json(demo.stack.json debug members 1 variant)
expect_steps(
  base-debug
  "scan demo.stack.json" "build base-debug/${ARCH}" "inspect base-debug/${ARCH}"
)
