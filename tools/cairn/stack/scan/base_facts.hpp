// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/context_sources.hpp"
#include "oci/image_config.hpp"
#include "stack/model/description.hpp"
#include "stack/scan/recipe.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// What is known of an external base, by its canonical reference.
using FactsOfBase = std::function<dockerfile::BaseFacts(const std::string& reference)>;

/// What an image with this config leaves to those built on it; of one that is not here yet, nothing
/// is known.
dockerfile::BaseFacts facts_of_base(const std::optional<oci::ImageConfig>& config);

/// Finds out what images leave to those that are built on them: their ENV and ONBUILD.
class BaseFinder {
 public:
  /// `watch` is called with every file that is read for it, before it is read.
  BaseFinder(
      const StackFile& stack, dockerfile::Builder builder, FactsOfBase facts_of,
      std::function<void(const std::string&)> watch = [](const std::string&) {});

  /// What the needed stages of `recipe` see of the context. Members of the stack are known by
  /// their recipes, so that a parent that is not built yet leaves nothing in doubt; they are read
  /// for the platform of `image`, on bases as locked for their own. `build_on` is BUILDPLATFORM.
  dockerfile::ContextWants wants(const BuildDescription& image, const Recipe& recipe,
                                 const oci::Platform& build_on = oci::host_platform()) const;

 private:
  /// How far down members are read, for which platforms, and what came of it, by their folders.
  struct Look {
    bool all_members;
    const oci::Platform& platform;
    const oci::Platform& build_on;
    std::map<std::string, dockerfile::BaseFacts> known;
  };
  dockerfile::BaseFacts facts_below(const BuildDescription& image, const Recipe& recipe,
                                    const dockerfile::Stage& stage, Look& look) const;
  const dockerfile::BaseFacts& facts_of_member(const std::string& folder, Look& look) const;
  dockerfile::BaseFacts read_member(const std::string& folder, Look& look) const;

  const StackFile& stack_;
  dockerfile::Builder builder_;
  FactsOfBase facts_of_;
  std::function<void(const std::string&)> watch_;
};

}  // namespace cairn::stack
