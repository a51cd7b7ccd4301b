# The stack's file holds what `cairn scan` reads; names have the stack's front.
expect_json(demo.stack.json cairn/stack/1 schema)
expect_json(demo.stack.json demo stack)
expect_json(demo.stack.json "${BUILD}/cairn/engine.json" engine)
expect_json(demo.stack.json "${ROOT}/demo.index" index)
expect_json(demo.stack.json "${WORK}/state/cairn" store)
expect_json(demo.stack.json "${SOURCE}/cairn.lock" lock)
expect_words(demo.stack.json images "${ROOT}/images/base/${ARCH}")
expect_json(demo.stack.json registry.example:5000/some/body/base members 0 repository)
expect_json(demo.stack.json "" members 0 variant)
expect_json(demo.stack.json base members 0 target)

# The engine is the one that was given.
file(READ "${BUILD}/cairn/engine.json" engine)
string(JSON identity GET "${engine}" identity)
expect_equal("the engine" "${identity}" "TEST:ENGINE /nowhere")

# Nothing is in `all` without ALL; the aggregates make the images.
expect_steps(all)
expect_steps(images "scan demo.stack.json" "build base/${ARCH}" "inspect base/${ARCH}")
expect_steps(demo-images "scan demo.stack.json" "build base/${ARCH}" "inspect base/${ARCH}")
expect_steps(images-test)
expect_steps(
  images-export
  "scan demo.stack.json"
  "build base/${ARCH}"
  "inspect base/${ARCH}"
  "export --build-dir=demo.stack.json"
)
