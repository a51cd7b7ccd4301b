expect_steps(all "scan demo.stack.json" "build base/${ARCH}" "inspect base/${ARCH}")
# With ALL, ctest builds the images before it tests them.
expect_ctest(base.runs demo.build)
expect_ctest_property(base.runs FIXTURES_REQUIRED "[ \"cairn-demo\" ]")
expect_ctest_property(demo.build FIXTURES_SETUP "[ \"cairn-demo\" ]")
