expect_ctest(base.x86_64.runs base.aarch64.runs)
