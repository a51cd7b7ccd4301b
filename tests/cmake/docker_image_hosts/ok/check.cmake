foreach(target IN ITEMS base base-debug)
  set(file "images/${target}/${ARCH}/build.json")
  expect_words("${file}" added_hosts one:10.0.0.1 two:2001:db8::1)
endforeach()
