// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/layout.hpp"

#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the name CLI11 has
class App;
}

namespace cairn::remote {

/// Which images of a build folder a verb is for.
struct ImagesOptions {
  std::vector<std::string> images;  ///< as typed: folders, targets, target/arch
  std::string build_dir = ".";

  /// With `required`, at least one image must be named.
  void add_to(CLI::App& app, bool required);
  /// The folders that were named; without a word, every image of the build folder.
  std::vector<stack::ImageFolder> folders() const;
};

}  // namespace cairn::remote
