# The variable goes before the keyword.
expect_words(demo.release.json destinations 127.0.0.1:5000 oci:/releases)
