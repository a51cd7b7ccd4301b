file(READ "${ROOT}/answer" answer)
expect_equal("the parents" "${answer}" "none: , child: base;other, variant: base;other")
