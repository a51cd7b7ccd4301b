file(READ "${ROOT}/answer" answer)
expect_equal("the record" "${answer}" "${ROOT}/images/base/${ARCH}/image.json")
# A target may depend on it.
expect_steps(report "scan demo.stack.json" "build base/${ARCH}")
