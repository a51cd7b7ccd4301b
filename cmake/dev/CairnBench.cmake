# The benchmarks: `cmake --build <build> --target bench-<name>`. They are in bench/, each measured
# beside its peers; none is part of `all` or of the tests.
include_guard(GLOBAL)

if(EXISTS "${PROJECT_SOURCE_DIR}/bench/CMakeLists.txt")
  add_subdirectory("${PROJECT_SOURCE_DIR}/bench" "${PROJECT_BINARY_DIR}/bench")
endif()
