# Ninja is told of the files of an image that something stands on, and of no more.
function(expect_declared image)
  execute_process(
    COMMAND ninja -C "${BUILD}" -f "${NINJA_FILE}" -t targets all
    OUTPUT_VARIABLE text
    COMMAND_ERROR_IS_FATAL ANY
  )
  string(REGEX MATCHALL "\ncairn/[^\n]*images/${image}/${ARCH}/[^:\n]+" found "\n${text}")
  list(TRANSFORM found REPLACE "^.*/" "")
  list(SORT found)
  expect_equal("what Ninja is told of '${image}'" "${found}" "${ARGN}")
endfunction()

expect_declared(base config identity inspection.json key)
expect_declared(child config inspection.json key)

# Whoever asked where the files are may stand on any of them.
expect_declared(
  other
  config
  history.md
  identity
  image.json
  inspection.json
  key
  manifest.md
  tags.txt
)
expect_steps(report "scan demo.stack.json" "build other/${ARCH}" "inspect other/${ARCH}")
