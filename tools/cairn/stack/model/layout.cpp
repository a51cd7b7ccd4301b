// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/layout.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

void collect(const fs::path& folder, std::string_view suffix, std::vector<fs::path>& found) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().string().ends_with(suffix)) found.push_back(entry.path());
  }
}

void collect_below(const fs::path& folder, std::string_view suffix, std::vector<fs::path>& found) {
  collect(folder, suffix, found);
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.is_directory() && entry.path().filename() != "images") {
      collect(entry.path(), suffix, found);
    }
  }
}

}  // namespace

std::string ImageFolder::build_command() const {
  return "cairn build " + shell_quote(path.string());
}

bool ImageFolder::lacks_build_files() const {
  return fs::exists(config()) && !(fs::exists(image_record()) && fs::exists(identity()));
}
bool ImageFolder::lacks_inspection_files() const {
  return fs::exists(inspection()) &&
         !(fs::exists(tags()) && fs::exists(manifest()) && fs::exists(history()));
}
fs::path ImageFolder::test_record(const std::string& test) const {
  return path / "tests" / (test + ".json");
}
fs::path ImageFolder::test_log(const std::string& test) const {
  return path / "tests" / (test + ".log");
}
fs::path ImageFolder::test_junit(const std::string& test) const {
  return path / "tests" / (test + ".xml");
}

std::vector<fs::path> find_tree_files(const fs::path& dir, std::string_view suffix) {
  std::vector<fs::path> found;
  collect_below(dir / "cairn", suffix, found);
  if (found.empty()) collect_below(dir, suffix, found);
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<fs::path> find_stack_files(const fs::path& dir) {
  if (dir.string().ends_with(kStackSuffix)) return {dir};
  std::vector<fs::path> found = find_tree_files(dir, kStackSuffix);
  if (found.empty()) {
    throw UserError("no image stack in '" + dir.string() + "'",
                    "name a configured build folder: cairn status -C build/x86_64");
  }
  return found;
}

std::vector<fs::path> stack_files_of(const std::vector<ImageFolder>& folders) {
  std::vector<fs::path> files;
  for (const ImageFolder& folder : folders) {
    const fs::path description = folder.build_description();
    const fs::path file = require_string(read_json(description), "stack_file", description);
    if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
  }
  return files;
}

std::vector<ImageFolder> find_images(const fs::path& dir, const std::string& name) {
  if (fs::exists(fs::path(name) / "build.json")) return {ImageFolder{fs::path(name)}};
  std::vector<ImageFolder> found;
  std::vector<std::string> known;
  for (const fs::path& file : find_stack_files(dir)) {
    for (const std::string& image : strings_or_empty(read_json(file), "images")) {
      const fs::path folder(image);
      const std::string target = folder.parent_path().filename().string();
      known.push_back(target);
      if (name == target || name == target + "/" + folder.filename().string()) {
        found.push_back(ImageFolder{folder});
      }
    }
  }
  if (!found.empty()) return found;
  const auto near = did_you_mean(name, known);
  throw UserError("no image '" + name + "' in '" + dir.string() + "'",
                  near ? "did you mean '" + *near + "'?"
                       : "its images are listed by: cairn status -C " + dir.string());
}

}  // namespace cairn::stack
