// SPDX-License-Identifier: BSD-3-Clause
//
// The first line is a path, the rest an ignore file: a folder that is pruned hides nothing that
// is kept.
#include "base/error.hpp"
#include "dockerfile/ignore.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace cairn::dockerfile;

void check(const std::string& path, const std::string& text, IgnoreDialect dialect) {
  const IgnoreRules rules = IgnoreRules::parse(text, dialect, "f");
  const bool out = rules.excludes(path);
  for (std::size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    if (rules.excludes(folder) && rules.prunes(folder) && !out) {
      std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.find('\n'), input.size());
  for (const auto dialect : {IgnoreDialect::docker, IgnoreDialect::buildah}) {
    try {
      check(input.substr(0, end), input.substr(end), dialect);
    } catch (const cairn::UserError&) {
      continue;
    }
  }
  return 0;
}
