// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/context_sources.hpp"
#include "dockerfile/dockerfile.hpp"
#include "dockerfile/ignore.hpp"
#include "engine/engine.hpp"
#include "stack/model/description.hpp"
#include "stack/model/lock_file.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// One image reference of a needed stage, and what it stands for.
struct RecipeUse {
  dockerfile::ImageUse use;
  std::optional<std::size_t> parent;  ///< index into BuildDescription::parents
  std::string external;               ///< canonical reference, when it is no member
};

/// A Dockerfile read for one image: stages chosen, variables expanded, references classified.
struct Recipe {
  dockerfile::Dockerfile file;
  std::vector<int> needed;
  std::map<std::string, std::string> arguments;  ///< build arguments that the engine is given
  std::vector<RecipeUse> uses;
  /// The use that the final stage stands on; nothing when it is `scratch`.
  std::optional<std::size_t> final_base;

  bool has_external_bases() const;
};

/// Reads and checks the recipe of `image`. Throws UserError, with file:line: where it can:
/// syntax errors, an argument that no needed stage declares, PARENTS that disagree with the
/// references (api.md rule 5), a member named that PARENTS lacks.
Recipe read_recipe(const BuildDescription& image, const std::vector<Member>& members);

/// `text`, the recipe of `image`, with all stages as needed, without the checks of read_recipe: for
/// comparing what is written, whatever the platform chooses. A reference that is none, or to a
/// member that PARENTS lacks, is external. `build_on` is BUILDPLATFORM. Throws UserError for syntax
/// errors.
Recipe read_every_stage(const BuildDescription& image, const std::string& text,
                        const std::vector<Member>& members, const oci::Platform& build_on);

/// Puts in place of each external base that `lock` holds the digest for `platform`. Throws
/// UserError for one that is locked, but not for that platform.
void pin_bases(Recipe& recipe, const LockFile& lock, const oci::Platform& platform);

/// read_recipe and pin_bases with the lock file of `stack`.
Recipe read_pinned_recipe(const BuildDescription& image, const StackFile& stack);
/// The same with the digests of another platform than the image's.
Recipe read_pinned_recipe(const BuildDescription& image, const StackFile& stack,
                          const oci::Platform& locked);

/// The arguments of `recipe` that can change the image, for the key: declared in a needed stage,
/// or acting undeclared (SOURCE_DATE_EPOCH, BUILDKIT_*). Those declared only before the first
/// FROM act through the references, which are keyed by what they are bound to.
std::map<std::string, std::string> keyed_arguments(const Recipe& recipe);

/// Whose reading of recipes and contexts `endpoint` has.
dockerfile::Builder builder_of(const engine::Endpoint& endpoint);

/// The platform arguments (`TARGETARCH`, …) that `recipe` declares: the legacy builder knows none
/// by itself and is given these. `build_on` is BUILDPLATFORM.
std::map<std::string, std::string> declared_platform_arguments(const BuildDescription& image,
                                                               const Recipe& recipe,
                                                               const oci::Platform& build_on);

/// What variables of COPY sources may stand for: the arguments, and those of the platform, for
/// the legacy builder the declared ones; `build_on` is BUILDPLATFORM.
std::map<std::string, std::string> context_arguments(
    const BuildDescription& image, const Recipe& recipe, dockerfile::Builder builder,
    const oci::Platform& build_on = oci::host_platform());

/// The ignore files that may apply to `image`, first existing one wins.
std::vector<std::string> ignore_file_candidates(const BuildDescription& image,
                                                const engine::Endpoint& endpoint);

/// Reads the first that exists; no file means no rules.
dockerfile::IgnoreRules read_ignore_rules(const std::vector<std::string>& candidates,
                                          const engine::Endpoint& endpoint);

}  // namespace cairn::stack
