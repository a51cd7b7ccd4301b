# What a release needs is narrowed; what the images are declared for is not.
read_members(released demo.release.json images target)
expect_equal("the released images" "${released}" base)
expect_words(demo.release.json "images;0;platforms" linux/amd64 linux/arm/v7)
