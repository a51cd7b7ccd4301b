find_program(ninja NAMES ninja REQUIRED)
list(
  APPEND options
  -DCAIRN_ENGINE_FILE=
  "-DCMAKE_MAKE_PROGRAM=${ninja}"
  -DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF
  "-DCAIRN_RECORDS_FROM=${CASE}\\;${SUPPORT}"
  "-DCAIRN_PLATFORMS=linux/amd64\\;linux/arm64"
)
set(environment PATH=/nowhere)
