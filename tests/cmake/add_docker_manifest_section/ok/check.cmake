set(file "images/base/${ARCH}/inspect.json")
# Limited to another platform, the second one is not here.
expect_names("${file}" sections python)
expect_json("${file}" "Python \"Packages\"" sections 0 title)
expect_words("${file}" "sections;0;headline;0" python --version)
expect_words("${file}" "sections;0;headline;1" pip --version)
expect_words("${file}" "sections;0;commands;0" pip list)
expect_json("${file}" "x[, c(1,3)]; y" sections 0 commands 1 3)
expect_words("${file}" "sections;0;commands;2" uname)
