set(test "images/base/${ARCH}/test.json")
expect_words("${test}" "tests;0;command" curl -X POST GET HOME PATH TEST HEAD DATA)
expect_words("${test}" "tests;1;command" printenv EXPECT_STDUOT IMAGES)
