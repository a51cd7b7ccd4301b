expect_json(tools.stack.json tools/base members 0 repository)
expect_json(services.stack.json services/base members 0 repository)
expect_json(services.stack.json services-base members 0 target)
expect_steps(
  images
  "scan services.stack.json" "build services-base/${ARCH}" "inspect services-base/${ARCH}"
  "scan tools.stack.json" "build tools-base/${ARCH}" "inspect tools-base/${ARCH}"
)
expect_steps(
  tools-images
  "scan tools.stack.json" "build tools-base/${ARCH}" "inspect tools-base/${ARCH}"
)

# What a question costs the graph is one command a stack: it depends on nothing.
foreach(question IN ITEMS status plan graph)
  expect_steps(
    ${question}
    "${question} --build-dir=services.stack.json" "${question} --build-dir=tools.stack.json"
  )
endforeach()
