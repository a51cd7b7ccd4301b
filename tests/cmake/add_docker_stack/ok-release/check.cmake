# Everything that was said of releases, and what images inherit from it.
set(file demo.release.json)
expect_json(${file} cairn/release-description/1 schema)
expect_json(${file} demo stack)
expect_json(${file} "${ROOT}/demo.stack.json" stack_file)
expect_json(${file} "${WORK}/state/cairn" store)
expect_json(${file} "${SOURCE}" source_dir)
expect_json(${file} 1.2.3 version)
expect_words(
  ${file} tags
  latest {version} {major}.{minor} {date} {commit:12} v{patch}-{time}
)
expect_words(${file} pinned {version} {date})
expect_json(${file} ".{n}" pinned_suffix)
expect_words(${file} anchor_tags keep-{date})
expect_json(${file} OFF arch_tags)
expect_json(${file} ON docker_types)
expect_json(${file} ON accept_emulated)
expect_words(${file} destinations quay.io registry.example:5000/a/b oci:/releases)
expect_words(${file} records "${ROOT}")
expect_words(${file} hooks)
expect_json(${file} registry.example/me/child root_repository)

# How layers are compressed is the export's affair.
expect_json(demo.stack.json zstd compression)

# Parents first; what is never published is not in it.
read_members(targets ${file} images target)
expect_equal("the published images" "${targets}" "base;child;other")
expect_json(${file} base images 0 image)
expect_json(${file} "" images 0 variant)
expect_json(${file} registry.example/me/base images 0 repository)
expect_words(${file} "images;0;platforms" linux/amd64 linux/arm64)
expect_words(${file} "images;2;platforms" linux/arm64)
read_members(skews ${file} images skew)
expect_equal("what skewed tags do" "${skews}" "partial;withhold;partial")
# The stack's probe where an image has it, an image's own, else the time.
expect_json(${file} "" images 0 latest_by)
expect_json(${file} tool images 1 latest_by)
expect_json(${file} other images 2 latest_by)
