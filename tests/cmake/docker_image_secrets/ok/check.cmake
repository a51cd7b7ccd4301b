foreach(target IN ITEMS base base-debug)
  set(file "images/${target}/${ARCH}/build.json")
  # Each path is of the folder whose call names it.
  expect_json("${file}" "${SOURCE}/pip.conf" secrets pip)
  expect_json("${file}" "${SOURCE}/later/netrc" secrets netrc)
endforeach()
