# In the image and its children, not in the parent.
foreach(target IN ITEMS child grandchild)
  expect_names("images/${target}/${ARCH}/test.json" tests answers)
  expect_names("images/${target}/${ARCH}/inspect.json" probes os)
  expect_names("images/${target}/${ARCH}/inspect.json" sections file)
endforeach()
expect_names("images/base/${ARCH}/test.json" tests runs answers)
expect_names("images/base/${ARCH}/inspect.json" probes file os)
expect_names("images/base/${ARCH}/inspect.json" sections file os)
