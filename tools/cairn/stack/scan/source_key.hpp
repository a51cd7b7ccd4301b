// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/scan/base_facts.hpp"
#include "stack/scan/context.hpp"
#include "stack/scan/context_tree.hpp"
#include "stack/scan/input_key.hpp"
#include "stack/scan/recipe.hpp"

#include <string>

namespace cairn::stack {

/// What a scan has found of an image, for its source key.
struct ScannedSources {
  const BuildDescription& image;
  const StackFile& stack;
  const Recipe& recipe;  ///< as written: bases not pinned, which is done for one platform
  const ContextListing& listing;
  const std::vector<std::string>& doubts;
};

/// What is compared between the platforms of a release, 64 hex: the input key without platform,
/// bases, refresh period, and files that the build makes. Of a recipe that names the platform
/// (`COPY bin/$TARGETARCH/app`), what it takes on each: its whole text, and the files that it takes
/// whatever the platform is.
std::string source_key(const ScannedSources& sources, const BaseFinder& finder, ContextTree& tree,
                       dockerfile::Builder builder);

}  // namespace cairn::stack
