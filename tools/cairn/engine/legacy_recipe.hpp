// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"

#include <filesystem>
#include <string>

namespace cairn::engine {

/// Where docker's legacy builder finds the recipe of a request. Its client puts a recipe from
/// outside the context into it and adds the name, a random one, to .dockerignore: an image that
/// takes .dockerignore would be another after every build. So where the context has that file, this
/// does the same under a name that stays, and takes it back when it goes.
class LegacyRecipe {
 public:
  /// Throws std::system_error where the context cannot be written.
  explicit LegacyRecipe(const BuildRequest& request);
  ~LegacyRecipe();
  LegacyRecipe(const LegacyRecipe&) = delete;
  LegacyRecipe& operator=(const LegacyRecipe&) = delete;

  /// The recipe to name to the client: inside the context, or the request's own.
  const std::string& path() const { return path_; }

 private:
  std::filesystem::path ignore_file_;
  std::string ignore_text_;  ///< as the request has it
  std::string path_;
  bool inside_ = false;
};

}  // namespace cairn::engine
