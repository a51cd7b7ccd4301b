set(file "images/base/${ARCH}/build.json")
expect_json("${file}" app generated 0 into)
expect_json("${file}" "${ROOT}/install/base/app/tree" generated 0 from)
expect_json("${file}" share/data generated 1 into)
expect_json("${file}" "${ROOT}/install/base/share_data-ac2e7dd3/tree" generated 1 from)

# The program is made, then installed, then the image is built.
execute_process(
  COMMAND ninja -C "${BUILD}" -f "${NINJA_FILE}" -t commands base
  OUTPUT_VARIABLE commands
  COMMAND_ERROR_IS_FATAL ANY
)
if(NOT commands MATCHES "making-the-program.*COMPONENTS=runtime.*cairn build [^\n]*/base/")
  fail("program, install and build must stand in this order" "" "${commands}")
endif()

# The staging itself: it installs, and touches nothing when nothing changed.
execute_process(
  COMMAND ninja -C "${BUILD}" -f "${NINJA_FILE}" _cairn-install-base-app
  OUTPUT_VARIABLE log
  COMMAND_ERROR_IS_FATAL ANY
)
set(stamp "${ROOT}/install/base/app/stamp")
file(TIMESTAMP "${stamp}" first "%s%f")
if(NOT EXISTS "${ROOT}/install/base/app/tree/share/CMakeLists.txt")
  fail("the file must be installed" "share/CMakeLists.txt" "${log}")
endif()
execute_process(
  COMMAND ninja -C "${BUILD}" -f "${NINJA_FILE}" _cairn-install-base-app
  OUTPUT_QUIET
  COMMAND_ERROR_IS_FATAL ANY
)
file(TIMESTAMP "${stamp}" second "%s%f")
expect_equal("the time of the stamp" "${second}" "${first}")
