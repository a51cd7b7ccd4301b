# Its own records and the others'; all that is promised, whatever this machine is.
expect_words(demo.release.json records "${ROOT}" "${CASE}" "${SUPPORT}")
expect_words(demo.release.json "images;1;platforms" linux/amd64 linux/arm64)
expect_words(demo.stack.json images)
# Records that are brought here are of declared images.
expect_words(
  demo.stack.json elsewhere
  "${ROOT}/images/root/x86_64" "${ROOT}/images/root/aarch64"
  "${ROOT}/images/base/x86_64" "${ROOT}/images/base/aarch64"
)
expect_json(demo.stack.json registry.example/base members 1 repository)
expect_absent(images)
if(EXISTS "${BUILD}/cairn/engine.json" OR output MATCHES "engine")
  fail("no engine must be looked for" "" "")
endif()

# What there is to build is nothing, by ctest too; what there is to publish has no other step.
expect_steps(all)
expect_steps(base)
expect_ctest()
expect_steps(images-push "push --build-dir=demo.release.json")
expect_steps(publish "release publish --build-dir=demo.release.json")
expect_steps(doctor "doctor --build-dir=demo.release.json")
expect_steps(base-push "push base")
expect_steps(base-publish "release publish --only=base")
expect_steps(plan "release plan --build-dir=demo.release.json")
