// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/context_sources.hpp"
#include "oci/image_config.hpp"
#include "stack/model/description.hpp"
#include "stack/scan/recipe.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// The config of an external base, by its canonical reference; nothing when it is not here yet.
using ConfigOfBase = std::function<std::optional<oci::ImageConfig>(const std::string& reference)>;

/// Finds out what images leave to those that are built on them: their ENV and ONBUILD.
class BaseFinder {
 public:
  /// `watch` is called with every file that is read for it, before it is read.
  BaseFinder(
      const StackFile& stack, dockerfile::Builder builder, ConfigOfBase config_of,
      std::function<void(const std::string&)> watch = [](const std::string&) {});

  /// What the needed stages of `recipe` see of the context. Members of the stack are known by
  /// their recipes, so that a parent that is not built yet leaves nothing in doubt; they are read
  /// for the platform of `image`, on bases as locked for their own. `build_on` is BUILDPLATFORM.
  dockerfile::ContextWants wants(const BuildDescription& image, const Recipe& recipe,
                                 const oci::Platform& build_on = oci::host_platform()) const;

 private:
  /// How far down members are read, and for which platforms.
  struct Look {
    bool all_members;
    const oci::Platform& platform;
    const oci::Platform& build_on;
  };
  dockerfile::BaseFacts facts_below(const BuildDescription& image, const Recipe& recipe,
                                    const dockerfile::Stage& stage, const Look& look) const;
  dockerfile::BaseFacts facts_of_member(const std::string& folder, const Look& look) const;

  const StackFile& stack_;
  dockerfile::Builder builder_;
  ConfigOfBase config_of_;
  std::function<void(const std::string&)> watch_;
};

}  // namespace cairn::stack
