# Passed only when set, never an empty one; the command line goes before BUILD_ARGS.
expect_json(
  "images/base/${ARCH}/build.json"
  "{\n  \"NB_USER\" : \"some;[body\",\n  \"PYTHON_VERSION\" : \"3.12\"\n}"
  build_args
)
