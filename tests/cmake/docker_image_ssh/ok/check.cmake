foreach(target IN ITEMS base base-debug)
  set(file "images/${target}/${ARCH}/build.json")
  expect_words("${file}" ssh default key=/nowhere/agent)
endforeach()
