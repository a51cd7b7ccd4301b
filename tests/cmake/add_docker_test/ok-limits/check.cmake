expect_names(images/base/x86_64/test.json tests everywhere plain)
expect_names(images/base/aarch64/test.json tests everywhere arm plain)
expect_names(images/base-debug/x86_64/test.json tests everywhere debug)
expect_names(images/base-debug/aarch64/test.json tests everywhere arm debug)
