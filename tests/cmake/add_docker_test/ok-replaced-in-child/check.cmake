expect_names("images/child/${ARCH}/test.json" tests runs)
expect_words("images/child/${ARCH}/test.json" "tests;0;command" two)
expect_words("images/base/${ARCH}/test.json" "tests;0;command" one)
