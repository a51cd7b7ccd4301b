foreach(target IN ITEMS base base-debug)
  set(file "images/${target}/${ARCH}/build.json")
  expect_words("${file}" flags --memory 4g --squash)
endforeach()
