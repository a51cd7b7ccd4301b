expect_words(
  demo.stack.json images
  "${ROOT}/images/base/x86_64" "${ROOT}/images/child/x86_64"
  "${ROOT}/images/other/x86_64" "${ROOT}/images/other/aarch64"
)
expect_absent(images/child/aarch64/build.json)
