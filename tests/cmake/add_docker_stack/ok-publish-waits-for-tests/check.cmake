# What is pushed by digest alone nobody sees: only publishing waits for the tests.
set(made "scan demo.stack.json" "build base/${ARCH}" "inspect base/${ARCH}")
expect_steps(
  images-push
  ${made} "export --build-dir=demo.stack.json" "push --build-dir=demo.release.json"
)
expect_steps(
  publish
  ${made}
  "export --build-dir=demo.stack.json"
  "test base/${ARCH}"
  "release publish --build-dir=demo.release.json"
)
