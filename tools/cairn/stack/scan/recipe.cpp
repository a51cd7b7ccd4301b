// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/recipe.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "engine/capabilities.hpp"
#include "oci/reference.hpp"
#include "stack/scan/external_base.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <set>

namespace cairn::stack {
namespace {

// Builders take these without an ARG (moby: builder/dockerfile/buildargs.go; BuildKit docs).
constexpr std::array<std::string_view, 10> kPredefined{
    "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY",
    "ftp_proxy",  "NO_PROXY",   "no_proxy",    "ALL_PROXY",   "all_proxy"};

bool acts_undeclared(const std::string& name) {
  return name == "SOURCE_DATE_EPOCH" || name.rfind("BUILDKIT_", 0) == 0;
}

bool is_predefined(const std::string& name) {
  return acts_undeclared(name) ||
         std::find(kPredefined.begin(), kPredefined.end(), name) != kPredefined.end();
}

std::string argument_name(const std::string& word) {
  return word.substr(0, word.find('='));
}

void check_arguments(const BuildDescription& image, const std::vector<std::string>& declared) {
  for (const auto& [name, unused] : image.build_args) {
    const bool known =
        is_predefined(name) || std::find(declared.begin(), declared.end(), name) != declared.end();
    if (known) continue;
    const auto near = did_you_mean(name, declared);
    throw UserError(fmt::format("{}: no stage that '{}' needs declares the argument '{}'",
                                image.dockerfile, image.target, name),
                    near ? "did you mean '" + *near + "'?"
                         : "write ARG " + name + " into the stage, or take it out of BUILD_ARGS");
  }
}

// Its files and images would stand in no key (exactness: what is not in the key cannot get in).
void refuse_named_contexts(const BuildDescription& image) {
  for (const std::string& flag : image.flags) {
    if (!flag.starts_with("--build-context")) continue;
    throw UserError(
        fmt::format("'{}' is built with '{}', whose content Cairn does not see", image.target,
                    flag),
        "put the files into the context (docker_image_install stages what the build makes), or "
        "name the image in the Dockerfile");
  }
}

const Member* find_member(const std::vector<Member>& members, const oci::Reference& reference) {
  if (!reference.digest.empty()) return nullptr;
  for (const Member& member : members) {
    if (reference.repository() != oci::Reference::parse(member.repository).repository()) continue;
    const std::string latest = member.variant.empty() ? "latest" : member.variant + "-latest";
    const bool plain = reference.tag.empty() && member.variant.empty();
    if (plain || reference.tag == latest ||
        (!member.variant.empty() && reference.tag == member.variant)) {
      return &member;
    }
  }
  return nullptr;
}

std::string line_of(const Recipe& recipe, const dockerfile::ImageUse& use) {
  return fmt::format("{}:{}", recipe.file.path, use.span.line);
}

oci::Reference reference_of(const Recipe& recipe, const dockerfile::ImageUse& use) {
  try {
    return oci::Reference::parse(use.resolved);
  } catch (const UserError& error) {
    throw UserError(line_of(recipe, use) + ": " + error.what(), error.hint());
  }
}

std::string words_of(const dockerfile::ImageUse& use) {
  switch (use.kind) {
    case dockerfile::ImageUse::Kind::copy_from:
      return "COPY --from";
    case dockerfile::ImageUse::Kind::mount_from:
      return "RUN --mount from";
    default:
      return "FROM";
  }
}

std::string parent_names(const BuildDescription& image) {
  std::vector<std::string> names;
  for (const Parent& parent : image.parents)
    names.push_back(parent.target);
  return join(names, " ");
}

std::optional<std::size_t> index_of_parent(const BuildDescription& image, const Member& member) {
  const auto found =
      std::find_if(image.parents.begin(), image.parents.end(),
                   [&](const Parent& parent) { return parent.target == member.target; });
  if (found == image.parents.end()) return std::nullopt;
  return found - image.parents.begin();
}

RecipeUse classify(const BuildDescription& image, const Recipe& recipe,
                   const std::vector<Member>& members, const dockerfile::ImageUse& use) {
  RecipeUse found{use, std::nullopt, {}};
  const oci::Reference reference = reference_of(recipe, use);
  const Member* member = find_member(members, reference);
  if (member == nullptr) {
    found.external = reference.to_string();
    return found;
  }
  if (member->target == image.target) {
    throw UserError(fmt::format("{}: {} gives '{}', which is '{}' itself", line_of(recipe, use),
                                words_of(use), use.resolved, image.target));
  }
  found.parent = index_of_parent(image, *member);
  if (!found.parent) {
    const std::string says = image.parents.empty() ? "PARENTS is not given"
                                                   : "PARENTS says '" + parent_names(image) + "'";
    throw UserError(fmt::format("{}: {} gives '{}', {}; write PARENTS {}", line_of(recipe, use),
                                words_of(use), use.resolved, says, member->target));
  }
  return found;
}

/// Says so when a parent is named, but by a tag or digest that makes it an external image.
void refuse_other_tags(const BuildDescription& image, const Recipe& recipe, const Parent& parent) {
  const std::string repository = oci::Reference::parse(parent.repository).repository();
  for (const RecipeUse& use : recipe.uses) {
    const bool named =
        !use.external.empty() && oci::Reference::parse(use.external).repository() == repository;
    if (!named) continue;
    throw UserError(
        fmt::format("{}: {} gives '{}', which is not the '{}' of this stack that PARENTS of '{}' "
                    "says",
                    line_of(recipe, use.use), words_of(use.use), use.use.resolved, parent.target,
                    image.target),
        "name it without a tag, or take '" + parent.target + "' out of PARENTS");
  }
}

void check_parents_used(const BuildDescription& image, const Recipe& recipe) {
  for (std::size_t i = 0; i < image.parents.size(); ++i) {
    const bool used = std::any_of(recipe.uses.begin(), recipe.uses.end(),
                                  [&](const RecipeUse& use) { return use.parent == i; });
    if (used) continue;
    const Parent& parent = image.parents[i];
    refuse_other_tags(image, recipe, parent);
    throw UserError(
        fmt::format("{}: PARENTS says '{}', but no stage that '{}' needs names '{}'",
                    recipe.file.path, parent.target, image.target, parent.repository),
        "write FROM " + parent.repository + ", or take '" + parent.target + "' out of PARENTS");
  }
}

std::optional<std::size_t> find_final_base(const Recipe& recipe) {
  const dockerfile::Stage* stage =
      &recipe.file.stages[static_cast<std::size_t>(recipe.needed.back())];
  while (stage->base_stage) {
    stage = &recipe.file.stages[static_cast<std::size_t>(*stage->base_stage)];
  }
  for (std::size_t i = 0; i < recipe.uses.size(); ++i) {
    const dockerfile::ImageUse& use = recipe.uses[i].use;
    const std::size_t start = stage->from.span.offset;
    if (use.kind == dockerfile::ImageUse::Kind::from && use.span.offset >= start &&
        use.span.offset < start + stage->from.span.length) {
      return i;
    }
  }
  return std::nullopt;
}

std::map<std::string, std::string> given_arguments(const BuildDescription& image,
                                                   const std::vector<std::string>& declared) {
  std::map<std::string, std::string> arguments = image.build_args;
  for (const auto& [name, value] :
       {std::pair{"REGISTRY", &image.registry}, std::pair{"OWNER", &image.owner}}) {
    if (!value->empty() && std::find(declared.begin(), declared.end(), name) != declared.end()) {
      arguments.emplace(name, *value);
    }
  }
  return arguments;
}

// What `use` names, as far as that can be said without the checks of classify.
RecipeUse name_use(const BuildDescription& image, const std::vector<Member>& members,
                   const dockerfile::ImageUse& use) {
  RecipeUse found{use, std::nullopt, use.resolved};
  try {
    const oci::Reference reference = oci::Reference::parse(use.resolved);
    found.external = reference.to_string();
    const Member* member = find_member(members, reference);
    if (member != nullptr) found.parent = index_of_parent(image, *member);
    if (found.parent) found.external.clear();
  } catch (const UserError&) {
    // Of another platform it may be one.
  }
  return found;
}

std::map<std::string, std::string> visible_arguments(const BuildDescription& image,
                                                     const oci::Platform& build_on) {
  std::map<std::string, std::string> visible = image.build_args;
  visible.merge(dockerfile::platform_arguments(image.platform.to_string(), build_on.to_string()));
  return visible;
}

// Arguments decide which stage `FROM $ROOT_IMAGE` names, and with it which stages are needed.
dockerfile::Dockerfile parse_for(const BuildDescription& image, const std::string& text,
                                 const oci::Platform& build_on) {
  return dockerfile::parse(text, image.dockerfile, visible_arguments(image, build_on));
}

std::vector<dockerfile::ImageUse> uses_of(const BuildDescription& image, const Recipe& recipe,
                                          const oci::Platform& build_on) {
  std::map<std::string, std::string> visible = visible_arguments(image, build_on);
  visible.insert(recipe.arguments.begin(), recipe.arguments.end());
  return dockerfile::image_uses(recipe.file, recipe.needed, visible);
}

// Only docker before 23.0 has BuildKit built in; what is called so since then is buildx.
dockerfile::IgnoreDialect ignore_dialect_of(const engine::Endpoint& endpoint) {
  using Dialect = dockerfile::IgnoreDialect;
  if (endpoint.kind != "docker") return Dialect::buildah;
  const bool is_known = !endpoint.version.empty();
  const bool is_newer = engine::is_at_least(endpoint.version, 23, 0);
  if (endpoint.builder == "buildx") return Dialect::buildx;
  if (endpoint.builder == "buildkit") return is_newer ? Dialect::buildx : Dialect::docker20;
  return is_newer || !is_known ? Dialect::docker : Dialect::docker20;
}

}  // namespace

Recipe read_recipe(const BuildDescription& image, const std::vector<Member>& members) {
  refuse_named_contexts(image);
  const oci::Platform build_on = oci::host_platform();
  Recipe recipe;
  recipe.file = parse_for(image, read_file(image.dockerfile), build_on);
  recipe.needed = dockerfile::needed_stages(recipe.file, image.stage);
  const std::vector<std::string> declared =
      dockerfile::declared_arguments(recipe.file, recipe.needed);
  check_arguments(image, declared);
  recipe.arguments = given_arguments(image, declared);
  for (const dockerfile::ImageUse& use : uses_of(image, recipe, build_on))
    recipe.uses.push_back(classify(image, recipe, members, use));
  check_parents_used(image, recipe);
  recipe.final_base = find_final_base(recipe);
  return recipe;
}

Recipe read_every_stage(const BuildDescription& image, const std::string& text,
                        const std::vector<Member>& members, const oci::Platform& build_on) {
  Recipe recipe;
  recipe.file = parse_for(image, text, build_on);
  recipe.needed.resize(recipe.file.stages.size());
  std::iota(recipe.needed.begin(), recipe.needed.end(), 0);
  recipe.arguments =
      given_arguments(image, dockerfile::declared_arguments(recipe.file, recipe.needed));
  for (const dockerfile::ImageUse& use : uses_of(image, recipe, build_on))
    recipe.uses.push_back(name_use(image, members, use));
  return recipe;
}

bool Recipe::has_external_bases() const {
  return std::any_of(uses.begin(), uses.end(), [](const RecipeUse& use) { return !use.parent; });
}

void pin_bases(Recipe& recipe, const LockFile& lock, const oci::Platform& platform) {
  for (RecipeUse& use : recipe.uses) {
    if (use.parent) continue;
    const ExternalBase base = ExternalBase::of(use.external);
    if (base.is_pinned()) continue;
    if (const auto pinned = lock.pinned(base.local_name(), platform)) use.external = *pinned;
  }
}

Recipe read_pinned_recipe(const BuildDescription& image, const StackFile& stack) {
  return read_pinned_recipe(image, stack, image.platform);
}

Recipe read_pinned_recipe(const BuildDescription& image, const StackFile& stack,
                          const oci::Platform& locked) {
  Recipe recipe = read_recipe(image, stack.members);
  pin_bases(recipe, LockFile::read(stack.lock), locked);
  return recipe;
}

std::map<std::string, std::string> keyed_arguments(const Recipe& recipe) {
  std::set<std::string> used;
  for (const int index : recipe.needed) {
    for (const auto& instruction :
         recipe.file.stages[static_cast<std::size_t>(index)].instructions) {
      if (instruction.keyword != "ARG") continue;
      for (const std::string& word : instruction.words)
        used.insert(argument_name(word));
    }
  }
  std::map<std::string, std::string> keyed;
  for (const auto& [name, value] : recipe.arguments) {
    if (used.count(name) != 0 || acts_undeclared(name)) keyed.emplace(name, value);
  }
  return keyed;
}

dockerfile::Builder builder_of(const engine::Endpoint& endpoint) {
  if (endpoint.kind != "docker") return dockerfile::Builder::buildah;
  return endpoint.builder == "legacy" ? dockerfile::Builder::legacy : dockerfile::Builder::buildkit;
}

std::map<std::string, std::string> declared_platform_arguments(const BuildDescription& image,
                                                               const Recipe& recipe,
                                                               const oci::Platform& build_on) {
  auto arguments = dockerfile::platform_arguments(image.platform.to_string(), build_on.to_string());
  const auto declared = dockerfile::declared_arguments(recipe.file, recipe.needed);
  std::erase_if(arguments, [&](const auto& argument) {
    return std::find(declared.begin(), declared.end(), argument.first) == declared.end();
  });
  return arguments;
}

std::map<std::string, std::string> context_arguments(const BuildDescription& image,
                                                     const Recipe& recipe,
                                                     dockerfile::Builder builder,
                                                     const oci::Platform& build_on) {
  std::map<std::string, std::string> arguments = recipe.arguments;
  arguments.merge(
      builder == dockerfile::Builder::legacy
          ? declared_platform_arguments(image, recipe, build_on)
          : dockerfile::platform_arguments(image.platform.to_string(), build_on.to_string()));
  return arguments;
}

std::vector<std::string> ignore_file_candidates(const BuildDescription& image,
                                                const engine::Endpoint& endpoint) {
  const bool legacy = endpoint.kind == "docker" && endpoint.builder == "legacy";
  std::vector<std::string> files;
  if (!legacy) files.push_back(image.dockerfile + ".dockerignore");
  if (endpoint.kind != "docker") {
    files.push_back(image.dockerfile + ".containerignore");
    files.push_back(image.context + "/.containerignore");
  }
  files.push_back(image.context + "/.dockerignore");
  return files;
}

dockerfile::IgnoreRules read_ignore_rules(const std::vector<std::string>& candidates,
                                          const engine::Endpoint& endpoint) {
  const dockerfile::IgnoreDialect dialect = ignore_dialect_of(endpoint);
  for (const std::string& path : candidates) {
    if (const auto text = read_file_if_present(path)) {
      return dockerfile::IgnoreRules::parse(*text, dialect, path);
    }
  }
  return {};
}

}  // namespace cairn::stack
