set(file images/root/aarch64/build.json)
expect_json("${file}" generated source)
expect_json("${file}" "${BUILD}/cairn/rootfs/root/aarch64" context)
expect_json("${file}" "${BUILD}/cairn/rootfs/root/aarch64/Dockerfile" dockerfile)
expect_json("${file}" data labels org.example.team)
expect_json(images/base/aarch64/build.json root parents 0 target)
expect_names(images/base/x86_64/inspect.json probes debian)

# Bootstrapped before it is built, with the packages of that architecture.
execute_process(
  COMMAND ninja -C "${BUILD}" -f "${NINJA_FILE}" -t commands base-aarch64
  OUTPUT_VARIABLE commands
  COMMAND_ERROR_IS_FATAL ANY
)
set(
  order
  "ARCHITECTURE=arm64 .*cairn build [^\n]*/root/aarch64\n.*cairn build [^\n]*/base/aarch64\n"
)
if(NOT commands MATCHES "${order}" OR commands MATCHES "ARCHITECTURE=amd64")
  fail("one root must be bootstrapped, then built" "${order}" "${commands}")
endif()
set(sources "deb http://mirror.example/debian bookworm main contrib|")
string(APPEND sources "deb http://mirror.example/debian bookworm-updates main contrib|")
string(APPEND sources "deb http://mirror.example/debian-security bookworm-security main contrib")
string(FIND "${commands}" "SOURCES=${sources}" at)
if(at EQUAL -1)
  fail("packages must come from these sources" "${sources}" "${commands}")
endif()
if(NOT commands MATCHES "SUITE=bookworm .*VARIANT=minbase .*INCLUDE=ca-certificates,tzdata ")
  fail("the options must be there" "" "${commands}")
endif()
