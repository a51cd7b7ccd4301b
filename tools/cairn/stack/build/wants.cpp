// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/wants.hpp"

#include "stack/scan/base_facts.hpp"
#include "stack/scan/external_base.hpp"

namespace cairn::stack {

dockerfile::ContextWants wants_at_build(engine::Engine& engine, const StackFile& stack,
                                        const BuildDescription& image, const Recipe& recipe,
                                        const Bindings* bindings) {
  const auto facts_of = [&](const std::string& reference) {
    for (std::size_t i = 0; bindings != nullptr && i < recipe.uses.size(); ++i) {
      if (recipe.uses[i].external == reference) return facts_of_base(bindings->bases()[i].config);
    }
    const auto held = engine.inspect(ExternalBase::of(reference).local_name());
    return facts_of_base(held ? std::optional(held->config) : std::nullopt);
  };
  return BaseFinder(stack, builder_of(engine.endpoint()), facts_of).wants(image, recipe);
}

}  // namespace cairn::stack
