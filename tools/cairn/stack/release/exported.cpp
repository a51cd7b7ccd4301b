// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/exported.hpp"

#include "base/error.hpp"
#include "stack/release/record_folders.hpp"

#include <algorithm>
#include <optional>

namespace cairn::stack {
namespace {

/// `base-notebook`, `base-notebook/aarch64`.
struct Name {
  std::string target, arch;

  bool means(const ReleaseImage& image, const oci::Platform& platform) const {
    return target == image.target && (arch.empty() || arch == platform.arch_name());
  }
};

std::vector<Name> parse(const ReleaseDescription& description,
                        const std::vector<std::string>& texts) {
  std::vector<Name> names;
  for (const std::string& text : texts) {
    const std::size_t slash = text.find('/');
    Name name{text.substr(0, slash), slash == std::string::npos ? "" : text.substr(slash + 1)};
    description.image(name.target);  // throws when there is none
    names.push_back(std::move(name));
  }
  return names;
}

/// The export of one image on one platform; nothing when none of the folders has been built in.
std::optional<ExportRecord> find_export(const RecordFolders& folders, const ReleaseImage& image,
                                        const oci::Platform& platform) {
  const std::vector<ImageFolder> found = folders.find(image.target, platform);
  for (const ImageFolder& folder : found) {
    if (auto record = ExportRecord::read_if_present(folder.export_record())) return record;
  }
  if (found.empty()) return std::nullopt;
  throw UserError("'" + image.target + "' (" + platform.to_string() + ") is not exported",
                  "cairn export " + found.front().path.string());
}

}  // namespace

std::vector<ExportRecord> exported_images(const ReleaseDescription& description,
                                          const std::vector<std::string>& texts) {
  std::vector<Problem> problems;
  const RecordFolders folders(description, problems);
  require_no_problems(problems);
  const std::vector<Name> names = parse(description, texts);
  std::vector<ExportRecord> exported;
  std::vector<bool> served(names.size(), false);
  for (const ReleaseImage& image : description.images) {
    for (const oci::Platform& platform : image.platforms) {
      bool wanted = names.empty();
      for (const Name& name : names)
        wanted = wanted || name.means(image, platform);
      auto record = wanted ? find_export(folders, image, platform) : std::nullopt;
      if (!record) continue;
      for (std::size_t i = 0; i < names.size(); ++i)
        served[i] = served[i] || names[i].means(image, platform);
      exported.push_back(std::move(*record));
    }
  }
  const auto missing = std::find(served.begin(), served.end(), false);
  if (missing != served.end()) {
    const std::string& text = texts[static_cast<std::size_t>(missing - served.begin())];
    throw UserError("there is no export of '" + text + "'", "cairn export " + text);
  }
  if (exported.empty()) {
    throw UserError(
        "nothing of stack '" + description.stack + "' is exported",
        "cmake --build <build folder> --target " + description.stack + "-images-export");
  }
  return exported;
}

std::vector<ExportRecord> exports_of(const Evidence& evidence) {
  std::vector<ExportRecord> exports;
  for (const auto& [key, platform] : evidence.platforms)
    exports.push_back(platform.exported);
  return exports;
}

ReleaseDescription limited_to(const ReleaseDescription& description,
                              const std::set<std::string>& targets) {
  for (const std::string& target : targets)
    description.image(target);  // throws when there is none
  std::vector<Problem> problems;
  const RecordFolders folders(description, problems);
  require_no_problems(problems);
  ReleaseDescription limited = description;
  limited.images.clear();
  std::set<std::string> wanted = targets;
  // Parents stand before their children.
  for (auto image = description.images.rbegin(); image != description.images.rend(); ++image) {
    if (!wanted.contains(image->target)) continue;
    wanted.merge(folders.parents_of(*image, description));
    limited.images.insert(limited.images.begin(), *image);
  }
  return limited;
}

}  // namespace cairn::stack
