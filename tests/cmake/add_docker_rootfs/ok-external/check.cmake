# The variable goes before the keyword; the root is an image of one line.
expect_json("images/root/${ARCH}/build.json" source-tree source)
expect_json("images/base/${ARCH}/build.json" root parents 0 target)
file(READ "${BUILD}/cairn/rootfs/root/external/Dockerfile" recipe)
expect_equal("the recipe" "${recipe}" "FROM registry.example/debian:13\n")
