// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/dockerfile.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace cairn::dockerfile {

/// Whose reading of a recipe: BuildKit, docker's legacy builder, or buildah (podman's as well).
enum class Builder { buildkit, legacy, buildah };

/// What an instruction takes from the build context.
struct ContextSource {
  enum class Kind { copy, add, mount };
  Kind kind = Kind::copy;
  std::string path;      ///< variables expanded: `src/*.c`; of a mount without a source `/`
  bool unknown = false;  ///< it holds a variable of the base that nobody knows: a doubt says so
  bool parents = false;  ///< COPY --parents
  std::vector<std::string> excludes;  ///< COPY --exclude
  bool fixed_mode = false;            ///< --chmod says the modes: those of the files do not count
  bool optional = false;              ///< what some front ends fetch and others look for
  std::string place;  ///< for messages: `images/x/Dockerfile:6`, or the base's ONBUILD
  std::string words;  ///< `COPY`, `ADD`, `RUN --mount`

  bool operator==(const ContextSource&) const = default;
};

/// What is known of an image before a stage is built on it.
struct BaseFacts {
  std::map<std::string, std::string> environment;
  std::set<std::string> unknown;      ///< names in it whose values depend on what is not known
  bool whole_environment = true;      ///< false: it may hold more than `environment` says
  bool hides_arguments = true;        ///< false: what more it may hold is not the name of an ARG
  std::vector<std::string> on_build;  ///< its triggers, as its config holds them
  bool triggers_known = true;
};

/// Facts of the image that a stage names in FROM. Not asked for `scratch`.
using BaseLookup = std::function<BaseFacts(const Stage& stage)>;

/// All that the needed stages can see of the context.
struct ContextWants {
  std::vector<ContextSource> sources;
  /// Why the whole context counts: `$SRC comes from the base`. Empty when it does not. No paths
  /// and no line numbers, because it stands in the key.
  std::vector<std::string> doubts;

  bool operator==(const ContextWants&) const = default;
};

/// Reads the COPY, ADD and RUN --mount of the stages `needed` and of the ONBUILD triggers that run
/// in them. `arguments` are build arguments with platform_arguments. Throws UserError for a
/// variable that cannot be expanded and for COPY of a URL.
ContextWants context_sources(const Dockerfile& file, const std::vector<int>& needed,
                             const std::map<std::string, std::string>& arguments, Builder builder,
                             const BaseLookup& base_of);

/// What an image built from the last of `needed` leaves to those built on it.
BaseFacts facts_of_result(const Dockerfile& file, const std::vector<int>& needed,
                          const std::map<std::string, std::string>& arguments, Builder builder,
                          const BaseLookup& base_of);

}  // namespace cairn::dockerfile
