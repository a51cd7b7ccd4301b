# Only Release makes images; a tree of one configuration is a Release tree here.
if(CONFIGURATION STREQUAL "Debug")
  expect_steps(all)
  expect_steps(base)
else()
  expect_steps(all "scan demo.stack.json" "build base/${ARCH}" "inspect base/${ARCH}")
endif()
