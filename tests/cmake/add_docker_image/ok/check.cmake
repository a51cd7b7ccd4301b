set(file "images/base/${ARCH}/build.json")
expect_json("${file}" cairn/build-description/1 schema)
foreach(member IN ITEMS target image repository)
  expect_json("${file}" base ${member})
endforeach()
foreach(
  member
  IN
  ITEMS variant registry owner stage network
)
  expect_json("${file}" "" ${member})
endforeach()
expect_json("${file}" demo stack)
expect_json("${file}" "${PLATFORM}" platform)
expect_json("${file}" ON native)
expect_json("${file}" "${ROOT}/demo.stack.json" stack_file)
expect_json("${file}" "${IMAGES}/base" context)
expect_json("${file}" "${IMAGES}/base/Dockerfile" dockerfile)
foreach(
  member
  IN
  ITEMS parents ssh added_hosts flags generated
)
  expect_words("${file}" ${member})
endforeach()
foreach(member IN ITEMS build_args labels secrets)
  expect_json("${file}" "{}" ${member})
endforeach()
foreach(member IN ITEMS is_parent normalize_modes reproducible)
  expect_json("${file}" OFF ${member})
endforeach()
expect_json("${file}" never refresh)
expect_json("${file}" source-tree source)
expect_json("${file}" 1 keep_images)
expect_json("${file}" 2 build_slots)
expect_words("images/base/${ARCH}/inspect.json" probes)
expect_words("images/base/${ARCH}/inspect.json" sections)
expect_json("images/base/${ARCH}/inspect.json" "${SOURCE}" source_dir)
expect_steps(base "scan demo.stack.json" "build base/${ARCH}" "inspect base/${ARCH}")
expect_steps(base-test)
