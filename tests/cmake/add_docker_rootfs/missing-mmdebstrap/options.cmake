# No program is found.
find_program(ninja NAMES ninja REQUIRED)
list(APPEND options "-DCMAKE_MAKE_PROGRAM=${ninja}" -DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF)
set(environment PATH=/nowhere)
