// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/scan/context.hpp"
#include "stack/scan/context_tree.hpp"
#include "stack/scan/input_key.hpp"
#include "stack/scan/recipe.hpp"

#include <functional>
#include <string>

namespace cairn::stack {

/// What a scan has found of an image, for its source key.
struct ScannedSources {
  const BuildDescription& image;
  const StackFile& stack;
  const Recipe& recipe;  ///< as written: bases not pinned, which is done for one platform
  const dockerfile::ContextWants& wants;
  const ContextListing& listing;
  const KnownDigest& known;  ///< digests of an earlier scan
};

struct SourceKey {
  std::string hash;        ///< 64 hex
  ContextListing listing;  ///< what was looked at besides the image's own listing
  bool settled = false;    ///< false: a file that could not be read may be readable next time
};

/// What is compared between the platforms of a release: the input key without platform, bases,
/// refresh period and files that the build makes. Where the platform decides what is taken (`COPY
/// bin/$TARGETARCH/app`, `FROM for-$TARGETARCH`, or by a variable that a parent sets so), what is
/// the same on each: all stages of the recipe, and the files that their sources name whatever the
/// platform and its external bases are. `watch` is called with each file before it is read.
SourceKey source_key(const ScannedSources& sources, ContextTree& tree, dockerfile::Builder builder,
                     const std::function<void(const std::string&)>& watch);

}  // namespace cairn::stack
