// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/base_refresh.hpp"

#include "base/error.hpp"
#include "stack/scan/external_base.hpp"

#include <fmt/core.h>

#include <set>

namespace cairn::stack {

std::vector<std::string> pull_again(engine::Engine& engine, const BuildDescription& image,
                                    const Recipe& recipe, const engine::OutputSink& sink) {
  std::vector<std::string> warnings;
  std::set<std::string> seen;
  for (const RecipeUse& use : recipe.uses) {
    if (use.parent || !seen.insert(use.external).second) continue;
    const ExternalBase base = ExternalBase::of(use.external);
    // What is not there is pulled where it is bound, and has to be.
    if (base.is_pinned() || !engine.inspect(base.local_name())) continue;
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
