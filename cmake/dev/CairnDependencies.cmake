# The libraries of Cairn, each made for its own field, all from the distribution.
include_guard(GLOBAL)

find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(pugixml REQUIRED)
find_package(PCRE2 REQUIRED)
find_package(CURL REQUIRED)
find_package(LibArchive REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Zstd REQUIRED)
# Five times as fast as zlib; without it zlib does the work.
find_package(ISAL)

# What every build runs must start in a millisecond: libcrypto is linked statically
# (0.5 ms to start against 1.6-2.9 as a shared library).
set(OPENSSL_USE_STATIC_LIBS TRUE)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
# From Debian 13 on the static libcrypto compresses, and says so nowhere that CMake reads.
if(OPENSSL_VERSION VERSION_GREATER_EQUAL 3.4 AND OPENSSL_CRYPTO_LIBRARY MATCHES "\\.a$")
  find_library(CAIRN_ZSTD_LIBRARY NAMES libzstd.a zstd REQUIRED)
  mark_as_advanced(CAIRN_ZSTD_LIBRARY)
  target_link_libraries(OpenSSL::Crypto INTERFACE ZLIB::ZLIB "${CAIRN_ZSTD_LIBRARY}")
endif()

if(CAIRN_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()

# Linked statically where the distribution has them so: the same reason as above.
if(TARGET pugixml::static)
  set(CAIRN_PUGIXML_TARGET pugixml::static)
else()
  set(CAIRN_PUGIXML_TARGET pugixml::pugixml)
endif()
find_library(CAIRN_YAML_CPP_LIBRARY NAMES libyaml-cpp.a yaml-cpp)
mark_as_advanced(CAIRN_YAML_CPP_LIBRARY)
