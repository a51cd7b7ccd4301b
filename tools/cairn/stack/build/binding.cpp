// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/binding.hpp"

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "stack/scan/external_base.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace cairn::stack {
namespace {

std::string repository_part(const std::string& name) {
  std::string part;
  for (const char c : to_lower(name)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    part += plain || (c == '-' && !part.empty()) ? c : 'x';
  }
  while (!part.empty() && part.back() == '-')
    part.pop_back();
  if (part != name) part += "-" + sha256_hex(name).substr(0, 8);
  return part;
}

// `COPY --from=x …`, `RUN --mount=type=bind,from=x …`: flags stand right behind the keyword.
bool names_image(const std::string& trigger) {
  const std::vector<std::string> words = split(trigger, ' ');
  for (std::size_t i = 1; i < words.size() && words[i].rfind("--", 0) == 0; ++i) {
    if (words[i].rfind("--from=", 0) == 0) return true;
    if (words[i].rfind("--mount=", 0) != 0) continue;
    for (const std::string& option : split(words[i].substr(8), ',')) {
      if (option.rfind("from=", 0) == 0) return true;
    }
  }
  return false;
}

// Triggers act in what is built FROM an image, not in what copies from it.
void check_onbuild(const RecipeUse& use, const std::string& reference,
                   const oci::ImageConfig& config) {
  if (use.use.kind != dockerfile::ImageUse::Kind::from) return;
  const auto found = std::find_if(config.on_build.begin(), config.on_build.end(), names_image);
  if (found == config.on_build.end()) return;
  throw UserError(fmt::format("base '{}' has ONBUILD {}: it names an image that cannot be bound "
                              "to a local one",
                              reference, *found),
                  "build on an image without that trigger, or write its step into the recipe");
}

void check_platform(const BuildDescription& image, const std::string& reference,
                    const oci::ImageConfig& config) {
  if (config.platform == image.platform) return;
  const bool pinned = reference.find('@') != std::string::npos;
  throw UserError(
      fmt::format("base '{}' is for {}, but image '{}' is for {}", reference,
                  config.platform.to_string(), image.target, image.platform.to_string()),
      pinned ? "a digest of one platform's manifest serves that platform only: pin the digest of "
               "the index"
             : fmt::format("have it for {} in the engine, or take that platform out of PLATFORMS",
                           image.platform.to_string()));
}

}  // namespace

std::string bound_name(const std::string& stack, const std::string& target, const std::string& arch,
                       const std::string& identity) {
  return "cairn.invalid/" + repository_part(stack) + "/" + repository_part(target) + "-" +
         repository_part(arch == "x86_64" ? "amd64" : arch) + ":" + identity.substr(0, 32);
}

Bindings::Bindings(engine::Engine& engine, const BuildDescription& image, const Recipe& recipe,
                   const std::vector<ImageRecord>& parents, const engine::OutputSink& sink)
    : engine_(engine), names_(engine) {
  for (std::size_t i = 0; i < recipe.uses.size(); ++i) {
    const RecipeUse& use = recipe.uses[i];
    bases_.push_back(use.parent ? bind_parent(image, use, parents.at(*use.parent))
                                : bind_external(image, use, i, sink));
  }
}

std::string name_of(const RecipeUse& use, const BuildDescription& image) {
  return use.parent ? image.parents[*use.parent].target : use.external;
}

OwnNames::~OwnNames() {
  for (const std::string& name : names_) {
    try {
      engine_.untag(name);
    } catch (const std::exception&) {
      // The engine went away: the name holds nothing that is not held by its own name as well.
    }
  }
}

void OwnNames::give(const std::string& id, const std::string& name) {
  engine_.tag(id, name);
  names_.push_back(name);
}

BoundBase Bindings::bind_parent(const BuildDescription& image, const RecipeUse& use,
                                const ImageRecord& parent) {
  const auto held = engine_.inspect(parent.engine_id);
  if (!held) {
    throw UserError(
        fmt::format("parent '{}' of '{}' is gone from the engine", parent.target, image.target),
        "build again: the next scan notices it");
  }
  if (held->config_digest != parent.config_digest ||
      oci::content_identity(held->config) != parent.identity) {
    throw UserError(fmt::format("parent '{}' of '{}' is not the image its record says: '{}'",
                                parent.target, image.target, parent.engine_id),
                    "build it anew: cairn build --force " + parent.target);
  }
  const std::string name = parent.bound_name.empty() ? bound_name(parent.stack, parent.target,
                                                                  parent.arch, parent.identity)
                                                     : parent.bound_name;
  const auto named = engine_.inspect(name);
  if (!named || named->id != held->id) engine_.tag(held->id, name);
  check_platform(image, parent.target, held->config);
  check_onbuild(use, parent.target, held->config);
  return {name, parent.identity, held->config};
}

BoundBase Bindings::bind_external(const BuildDescription& image, const RecipeUse& use,
                                  std::size_t number, const engine::OutputSink& sink) {
  const std::string& reference = use.external;
  const ExternalBase base = ExternalBase::of(reference);
  auto held = engine_.inspect(base.local_name());
  if (!held) {
    sink("cairn: pulling '" + reference + "' for " + image.platform.to_string() + "\n");
    engine_.pull(base.local_name(), image.platform, sink);
    held = engine_.inspect(base.local_name());
    if (!held) throw Error("'" + reference + "' was pulled, but the engine does not have it");
  }
  check_platform(image, reference, held->config);
  check_onbuild(use, reference, held->config);
  const std::string identity = oci::content_identity(held->config);
  // One name a build and reference: a build beside this one takes only its own names away.
  const std::string name = bound_name(image.stack, fmt::format("{}-base{}", image.target, number),
                                      image.platform.arch_name(), identity);
  names_.give(held->id, name);
  externals_[reference] = base.is_pinned() ? reference.substr(reference.find('@') + 1) : identity;
  return {name, identity, held->config};
}

std::vector<dockerfile::Binding> Bindings::replacements(const Recipe& recipe) const {
  std::vector<dockerfile::Binding> all;
  for (std::size_t i = 0; i < recipe.uses.size(); ++i) {
    all.push_back({recipe.uses[i].use.span, bases_[i].name});
  }
  return all;
}

}  // namespace cairn::stack
