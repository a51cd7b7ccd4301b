// SPDX-License-Identifier: BSD-3-Clause
//
// Ignore files, in both dialects.
#include "fuzz/ignore_properties.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  cairn::fuzz::check_ignore_file(text, cairn::dockerfile::IgnoreDialect::docker);
  cairn::fuzz::check_ignore_file(text, cairn::dockerfile::IgnoreDialect::buildah);
  return 0;
}
