expect_words(
  demo.stack.json images
  "${ROOT}/images/base/x86_64" "${ROOT}/images/base/aarch64"
  "${ROOT}/images/child/x86_64" "${ROOT}/images/child/aarch64"
)
expect_json(images/child/aarch64/build.json linux/arm64 platform)
expect_json(images/child/aarch64/build.json "${ROOT}/images/base/aarch64" parents 0 directory)
expect_json(images/child/x86_64/build.json linux/amd64 platform)
expect_steps(
  child-aarch64
  "scan demo.stack.json" "build base/aarch64" "build child/aarch64" "inspect child/aarch64"
)
# Of this machine's platform only.
string(REGEX MATCH "x86_64|aarch64" own "${ARCH}")
if(own)
  expect_json("images/base/${own}/build.json" ON native)
  string(REPLACE "${own}" "" other "x86_64aarch64")
  expect_json("images/base/${other}/build.json" OFF native)
endif()
# What is promised and not built here is declared all the same.
expect_words(
  demo.stack.json elsewhere
  "${ROOT}/images/base/armv7" "${ROOT}/images/child/armv7"
)
