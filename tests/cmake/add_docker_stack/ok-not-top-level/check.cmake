expect_steps(images)
expect_steps(demo-images "scan demo.stack.json" "build base/${ARCH}" "inspect base/${ARCH}")
