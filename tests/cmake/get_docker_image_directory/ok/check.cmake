file(READ "${ROOT}/answer" answer)
expect_equal("the folder" "${answer}" "${ROOT}/images/base/${ARCH}")
