// SPDX-License-Identifier: BSD-3-Clause
//
// Whatever is read as a recipe: it is refused with a UserError, or its rewriting has as many lines
// and, bound to new names, still parses to the same stages.
#include "base/error.hpp"
#include "dockerfile/dockerfile.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace cairn::dockerfile;

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void check(const std::string& text) {
  const auto arguments = platform_arguments("linux/arm64", "linux/amd64");
  const Dockerfile file = parse(text, "f", arguments);
  const std::vector<int> needed = needed_stages(file, "");
  require(!recipe_key(file, needed).empty());
  declared_arguments(file, needed);
  std::vector<Binding> bound;
  for (const ImageUse& use : image_uses(file, needed, arguments)) {
    require(use.span.offset + use.span.length <= text.size());
    bound.push_back({use.span, "cairn.invalid/x:y"});
  }
  const std::string same = rewrite(file, bound, needed, false, true);
  const std::string blanked = rewrite(file, bound, needed, true, true);
  const auto lines = std::count(text.begin(), text.end(), '\n');
  require(std::count(same.begin(), same.end(), '\n') == lines);
  require(std::count(blanked.begin(), blanked.end(), '\n') == lines);
  const Dockerfile again = parse(same, "rewritten", arguments);
  require(again.stages.size() == file.stages.size());
  require(again.escape == file.escape);
  require(parse(blanked, "blanked", arguments).stages.size() == needed.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    check(std::string(reinterpret_cast<const char*>(data), size));
  } catch (const cairn::UserError&) {
    return 0;
  }
  return 0;
}
