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
  const LockFile& lock;
  const dockerfile::ContextWants& wants;
  const ContextListing& listing;
};

struct SourceKey {
  std::string hash;  ///< 64 hex
  /// What was looked at besides the image's own listing, and why it is the whole context, if so.
  ContextListing listing;
  std::vector<std::string> doubts;
};

/// What is compared between the platforms of a release: the input key without platform, bases,
/// refresh period, and files that the build makes. Where the platform decides what is taken
/// (`COPY bin/$TARGETARCH/app`, or by a variable that a parent sets so), what is the same on each:
/// all stages of the recipe, and the files that it takes whatever the platform is.
SourceKey source_key(const ScannedSources& sources, const BaseFinder& finder, ContextTree& tree,
                     dockerfile::Builder builder);

}  // namespace cairn::stack
