find_program(ninja NAMES ninja REQUIRED)
list(
  APPEND options
  -DCAIRN_ENGINE_FILE=
  -DCAIRN_ENGINE=buildah
  "-DCMAKE_MAKE_PROGRAM=${ninja}"
  -DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF
)
set(environment "PATH=${CASE}/bin")
