# Parent first, in order; each says where it comes from.
set(file "images/child/${ARCH}/inspect.json")
expect_json("${file}" cairn/inspect-description/1 schema)
expect_names("${file}" probes os file extra)
expect_json("${file}" base probes 0 from)
expect_json("${file}" base probes 1 from)
expect_json("${file}" child probes 2 from)
expect_names("${file}" sections os file)
expect_json("${file}" base sections 0 from)
expect_json("${file}" child sections 1 from)
# COPY --from gives content, no tags.
expect_names("images/other/${ARCH}/inspect.json" probes extra)
# What is never published has no tags.
expect_names("images/recipe/${ARCH}/inspect.json" probes)
expect_names("images/recipe/${ARCH}/inspect.json" sections os file)
