# The tool takes each stack file and each release for one of this tree. What an image has stays.
configure(-DSTACK=old -DFLAG=)
file(WRITE "${ROOT}/old.index" "")
file(WRITE "${ROOT}/images/base/${ARCH}/image.json" "{\"kept\": true}")
expect_json(old.stack.json old stack)
expect_json(old.release.json old stack)

configure(-DSTACK=new)
expect_absent(old.stack.json)
expect_absent(old.release.json)
expect_absent(old.index)
expect_json(new.stack.json new stack)
expect_json(new.release.json new stack)
expect_json("images/base/${ARCH}/image.json" ON kept)

# The index of a declared stack stays; of what is never published nothing is described.
file(WRITE "${ROOT}/new.index" "")
configure(-DFLAG=NO_PUBLISH)
expect_absent(new.release.json)
if(NOT EXISTS "${ROOT}/new.index" OR NOT status EQUAL 0)
  fail("the index of a declared stack must stay" "" "")
endif()

# Configurations that are gone have none either.
if(CONFIGURATION STREQUAL "Release")
  configure("-DCMAKE_CONFIGURATION_TYPES=Release")
  if(EXISTS "${BUILD}/cairn/Debug/new.stack.json")
    fail("a configuration that is gone must have no stack" "" "")
  endif()
endif()
