file(READ "${ROOT}/answer" answer)
# The promise, whatever this tree builds of it.
expect_equal("the platforms" "${answer}" "base: linux/amd64;linux/arm64, child: linux/arm64")
