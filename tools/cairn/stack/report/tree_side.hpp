// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/description.hpp"
#include "stack/model/layout.hpp"
#include "stack/scan/image_scan.hpp"
#include "stack/scan/part_file.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// One test as it was declared, without paths of one tree.
struct TestSide {
  std::string declaration;         ///< with `@` for the root of the tree
  std::string inputs_key;          ///< of what it reads
  std::vector<std::string> paths;  ///< which that is, relative to the root
};

/// One image as one of two trees has it: what its key would hold but for the engine's part.
struct ImageSide {
  BuildDescription image;
  std::string stack;
  std::vector<ShownPart> parts;
  std::string problem;  ///< why there are no parts
  std::string inspection;
  std::string bootstrap;  ///< the commands that make its generated context
  std::map<std::string, TestSide> tests;
};

/// The images of one tree, by `<config>/<stack>/<target>/<arch>`; parents first in `order`.
struct TreeSide {
  std::map<std::string, ImageSide> images;
  std::vector<std::string> order;
};

/// Reads the descriptions below `build` and the files they name. `root` is the root of the git
/// tree that these lie in. Bases are what their references say; an engine that answers is asked
/// only what they leave to those built on them (ENV, ONBUILD).
TreeSide read_side(const std::filesystem::path& build, const std::filesystem::path& root,
                   Engines& engines);

}  // namespace cairn::stack
