// SPDX-License-Identifier: BSD-3-Clause
//
// Recipes: the text is read with platform arguments as Cairn gives them.
#include "fuzz/recipe_properties.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto arguments = cairn::dockerfile::platform_arguments("linux/arm64", "linux/amd64");
  cairn::fuzz::check_recipe(std::string(reinterpret_cast<const char*>(data), size), arguments);
  return 0;
}
