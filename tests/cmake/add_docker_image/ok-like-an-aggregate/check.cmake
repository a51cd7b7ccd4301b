expect_steps(
  other-status
  "scan demo.stack.json" "build other-status/${ARCH}" "inspect other-status/${ARCH}"
)
expect_steps(status "status --build-dir=demo.stack.json")
