// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/base_facts.hpp"

#include "base/error.hpp"
#include "stack/model/layout.hpp"

#include <algorithm>
#include <utility>

namespace cairn::stack {
namespace {

using dockerfile::BaseFacts;

BaseFacts nothing_known() {
  BaseFacts facts;
  facts.whole_environment = false;
  facts.triggers_known = false;
  return facts;
}

}  // namespace

BaseFacts facts_of_base(const std::optional<oci::ImageConfig>& config) {
  if (!config) return nothing_known();
  BaseFacts facts;
  for (const std::string& pair : config->env) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    facts.environment[pair.substr(0, equals)] =
        equals == pair.size() ? std::string() : pair.substr(equals + 1);
  }
  facts.on_build = config->on_build;
  return facts;
}

BaseFinder::BaseFinder(const StackFile& stack, dockerfile::Builder builder, FactsOfBase facts_of,
                       std::function<void(const std::string&)> watch)
    : stack_(stack), builder_(builder), facts_of_(std::move(facts_of)), watch_(std::move(watch)) {}

dockerfile::ContextWants BaseFinder::wants(const BuildDescription& image, const Recipe& recipe,
                                           const oci::Platform& build_on) const {
  const auto look = [&](bool all_members) {
    Look how{all_members, image.platform, build_on, {}};
    return dockerfile::context_sources(
        recipe.file, recipe.needed, context_arguments(image, recipe, builder_, build_on), builder_,
        [&](const dockerfile::Stage& stage) { return facts_below(image, recipe, stage, how); });
  };
  dockerfile::ContextWants wants = look(false);
  // Seldom does a source hold a variable that only an ancestor sets.
  return wants.doubts.empty() ? wants : look(true);
}

BaseFacts BaseFinder::facts_below(const BuildDescription& image, const Recipe& recipe,
                                  const dockerfile::Stage& stage, Look& look) const {
  const dockerfile::Span& from = stage.from.span;
  for (const RecipeUse& use : recipe.uses) {
    const std::size_t offset = use.use.span.offset;
    if (use.use.kind != dockerfile::ImageUse::Kind::from || offset < from.offset ||
        offset >= from.offset + from.length) {
      continue;
    }
    if (use.parent) return facts_of_member(image.parents[*use.parent].directory, look);
    return facts_of_(use.external);
  }
  return nothing_known();
}

// Stages side by side may stand on one member, and its stages on another: each is read once.
const BaseFacts& BaseFinder::facts_of_member(const std::string& folder, Look& look) const {
  if (const auto known = look.known.find(folder); known != look.known.end()) return known->second;
  return look.known.emplace(folder, read_member(folder, look)).first->second;
}

BaseFacts BaseFinder::read_member(const std::string& folder, Look& look) const {
  const std::filesystem::path description = ImageFolder{folder}.build_description();
  watch_(description.string());
  try {
    BuildDescription parent = BuildDescription::read(description);
    const oci::Platform locked = std::exchange(parent.platform, look.platform);
    watch_(parent.dockerfile);
    if (!stack_.lock.empty()) watch_(stack_.lock);
    const Recipe recipe = read_pinned_recipe(parent, stack_, locked);
    return dockerfile::facts_of_result(recipe.file, recipe.needed,
                                       context_arguments(parent, recipe, builder_, look.build_on),
                                       builder_, [&](const dockerfile::Stage& stage) {
                                         if (look.all_members)
                                           return facts_below(parent, recipe, stage, look);
                                         BaseFacts facts;
                                         facts.whole_environment = false;
                                         return facts;
                                       });
  } catch (const Error&) {
    return nothing_known();  // its own build says what is wrong with it
  }
}

}  // namespace cairn::stack
