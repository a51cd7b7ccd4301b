foreach(target IN ITEMS base base-debug)
  set(file "images/${target}/${ARCH}/build.json")
  # The last call holds.
  expect_json("${file}" host network)
endforeach()
