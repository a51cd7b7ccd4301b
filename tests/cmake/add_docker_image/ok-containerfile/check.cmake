expect_json("images/base/${ARCH}/build.json" "${SOURCE}/recipes/base" context)
expect_json("images/base/${ARCH}/build.json" "${SOURCE}/recipes/base/Containerfile" dockerfile)
