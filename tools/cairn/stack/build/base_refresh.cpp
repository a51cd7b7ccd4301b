// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/base_refresh.hpp"

#include "base/error.hpp"
#include "oci/reference.hpp"
#include "stack/scan/external_base.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace cairn::stack {
namespace {

// A docker daemon that keeps images itself gives digests only to what came from a registry or went
// into one. Its containerd store gives all images one, and so does podman; buildah shows none.
bool is_local_only(const engine::Engine& engine, const ExternalBase& base,
                   const engine::ImageInfo& held) {
  if (engine.endpoint().kind != "docker") return false;
  const std::string prefix = oci::Reference::parse(base.local_name()).repository() + "@";
  return std::none_of(held.repo_digests.begin(), held.repo_digests.end(),
                      [&](const std::string& digest) { return digest.rfind(prefix, 0) == 0; });
}

// By its config: a name says nothing once something else was pulled under it.
bool was_built_here(const RecordStore& records, const engine::ImageInfo& held) {
  const std::vector<ImageRecord> all = records.all();
  return std::any_of(all.begin(), all.end(), [&](const ImageRecord& record) {
    return record.config_digest == held.config_digest;
  });
}

}  // namespace

std::vector<std::string> pull_again(engine::Engine& engine, const BuildDescription& image,
                                    const Recipe& recipe, const RecordStore& records,
                                    const engine::OutputSink& sink) {
  std::vector<std::string> warnings;
  std::set<std::string> seen;
  for (const RecipeUse& use : recipe.uses) {
    if (use.parent || !seen.insert(use.external).second) continue;
    const ExternalBase base = ExternalBase::of(use.external);
    if (base.is_pinned()) continue;
    const auto held = engine.inspect(base.local_name());
    // What is not there is pulled where it is bound, and has to be. What is there for another
    // platform is what that platform's builds stand on: binding refuses it, as without REFRESH.
    if (!held || held->config.platform != image.platform) continue;
    if (is_local_only(engine, base, *held) || was_built_here(records, *held)) {
      sink("cairn: REFRESH leaves '" + use.external + "', which came from no registry\n");
      continue;
    }
    sink("cairn: pulling '" + use.external + "' again for " + image.platform.to_string() + "\n");
    try {
      engine.pull(base.local_name(), image.platform, sink);
    } catch (const Interrupted&) {
      throw;
    } catch (const UnreachableError&) {
      throw;
    } catch (const Error& error) {
      warnings.push_back(
          fmt::format("warning: '{}' is built on '{}' as the engine has it, REFRESH could not pull "
                      "it again: {}",
                      image.target, use.external, error.what()));
    }
  }
  return warnings;
}

}  // namespace cairn::stack
