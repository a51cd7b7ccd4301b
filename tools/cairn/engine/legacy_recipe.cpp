// SPDX-License-Identifier: BSD-3-Clause
#include "engine/legacy_recipe.hpp"

#include "base/file.hpp"

#include <optional>
#include <system_error>

namespace cairn::engine {
namespace {
namespace fs = std::filesystem;

std::string free_name(const fs::path& folder) {
  std::string name = ".dockerfile.cairn";
  while (fs::exists(fs::symlink_status(folder / name)))
    name += '_';
  return name;
}

void replace_text(const fs::path& path, const std::string& text) {
  const fs::perms mode = fs::status(path).permissions();
  write_file(path, text);
  fs::permissions(path, mode);
}
}  // namespace

LegacyRecipe::LegacyRecipe(const BuildRequest& request)
    : ignore_file_(fs::path(request.context) / ".dockerignore"), path_(request.dockerfile) {
  const std::optional<std::string> text = read_file_if_present(ignore_file_);
  if (!text) return;
  ignore_text_ = *text;
  const std::string name = free_name(request.context);
  write_file(fs::path(request.context) / name, read_file(request.dockerfile));
  path_ = fs::path(request.context) / name;
  inside_ = true;
  // The daemon hides a recipe that its own reading of the ignore file matches.
  replace_text(ignore_file_, ignore_text_ + "\n" + name + "\n");
}

LegacyRecipe::~LegacyRecipe() {
  if (!inside_) return;
  try {
    fs::remove(path_);
    replace_text(ignore_file_, ignore_text_);
  } catch (const std::exception&) {
    // A staged context that cannot be written any more is on its way out.
  }
}

}  // namespace cairn::engine
