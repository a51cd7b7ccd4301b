expect_names(images/base/x86_64/inspect.json probes everywhere plain)
expect_names(images/base/aarch64/inspect.json probes everywhere arm plain)
expect_names(images/base-debug/x86_64/inspect.json probes everywhere debug)
expect_names(images/base-debug/aarch64/inspect.json probes everywhere arm debug)
