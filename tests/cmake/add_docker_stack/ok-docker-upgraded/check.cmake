# How docker reads ignore files follows from its version: it is asked for again once the program is
# another file, and the builder stays what it was.
foreach(version IN ITEMS 20.10.24 28.2.2)
  install_docker(${version})
  configure()
  set(ROOT "${BUILD}/cairn")
  expect_json(engine.json "${version}" version)
  expect_json(engine.json legacy builder)
  expect_json(engine.json "ID /var/lib/docker" identity)
  # The legacy builder has no secrets, so that the bundle is not offered to it.
  file(GLOB_RECURSE described "${ROOT}/build.json")
  list(GET described 0 described)
  file(READ "${described}" text)
  if(text MATCHES "cairn-ca")
    fail("a secret must not be offered to the legacy builder" "no 'cairn-ca'" "${text}")
  endif()
endforeach()
file(REMOVE_RECURSE "${programs}")
