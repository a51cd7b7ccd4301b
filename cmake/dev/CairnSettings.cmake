# The settings and warnings every target of Cairn itself is compiled with, as two INTERFACE
# targets that are linked privately, so that nothing leaks to a project that embeds Cairn.
include_guard(GLOBAL)

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type." FORCE)
endif()

add_library(cairn_settings INTERFACE)
target_compile_features(cairn_settings INTERFACE cxx_std_20)
target_include_directories(cairn_settings INTERFACE "${PROJECT_SOURCE_DIR}/tools/cairn")
target_compile_definitions(cairn_settings INTERFACE CAIRN_VERSION="${PROJECT_VERSION}")
if(CAIRN_SANITIZE)
  target_compile_options(
    cairn_settings
    INTERFACE -fsanitize=${CAIRN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
  )
  target_link_options(cairn_settings INTERFACE -fsanitize=${CAIRN_SANITIZE})
endif()

add_library(cairn_warnings INTERFACE)
target_compile_options(
  cairn_warnings
  INTERFACE
    -Wall
    -Wextra
    -Wpedantic
    -Wshadow
    -Wnon-virtual-dtor
    -Wold-style-cast
    -Wcast-align
    -Wunused
    -Woverloaded-virtual
    -Wimplicit-fallthrough
    $<$<BOOL:${CAIRN_WARNINGS_AS_ERRORS}>:-Werror>
    # Where gcc 12 optimises it sees overlaps in sums of strings that have none (its bug 105329).
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-restrict>
)

# cairn_add_layer(NAME SOURCES... DEPENDS lower layers...): one layer of the tool as a static
# library. The layer table itself is checked by tests/rules.
function(cairn_add_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS")
  add_library(cairn_${name} STATIC ${arg_SOURCES})
  set_target_properties(cairn_${name} PROPERTIES CXX_EXTENSIONS OFF)
  list(TRANSFORM arg_DEPENDS PREPEND cairn_)
  target_link_libraries(cairn_${name} PUBLIC ${arg_DEPENDS} PRIVATE cairn_settings cairn_warnings)
endfunction()
