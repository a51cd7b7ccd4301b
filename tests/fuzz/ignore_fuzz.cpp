// SPDX-License-Identifier: BSD-3-Clause
//
// Ignore files, in every dialect.
#include "fuzz/ignore_properties.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  using Dialect = cairn::dockerfile::IgnoreDialect;
  for (const Dialect dialect :
       {Dialect::docker, Dialect::buildx, Dialect::docker20, Dialect::buildah}) {
    cairn::fuzz::check_ignore_file(text, dialect);
  }
  return 0;
}
