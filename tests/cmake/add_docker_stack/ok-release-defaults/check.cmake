# Pinned is what names one commit, version or day; nothing else is unusual.
set(file demo.release.json)
expect_words(${file} pinned {commit:12} v{version} {date})
expect_json(${file} "" pinned_suffix)
expect_words(${file} anchor_tags)
expect_json(${file} ON arch_tags)
expect_json(${file} OFF docker_types)
expect_json(${file} OFF accept_emulated)
expect_words(${file} destinations)
expect_json(${file} base root_repository)
expect_json(${file} withhold images 0 skew)
expect_json(${file} "" images 0 latest_by)

# Pushing waits for the image, publishing also for its tests (it has none), a doctor for nothing.
set(
  exported
  "scan demo.stack.json"
  "build base/${ARCH}"
  "inspect base/${ARCH}"
  "export --build-dir=demo.stack.json"
)
expect_steps(demo-images-push ${exported} "push --build-dir=demo.release.json")
expect_steps(images-push ${exported} "push --build-dir=demo.release.json")
expect_steps(demo-publish ${exported} "release publish --build-dir=demo.release.json")
expect_steps(publish ${exported} "release publish --build-dir=demo.release.json")
expect_steps(demo-doctor "doctor --build-dir=demo.release.json")
expect_steps(doctor "doctor --build-dir=demo.release.json")
