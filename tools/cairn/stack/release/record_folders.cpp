// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/record_folders.hpp"

#include "base/error.hpp"
#include "stack/model/description.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

bool holds_images(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder / "images", ignored);
}

std::vector<fs::path> below(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().filename() != "images" && holds_images(entry.path()))
      found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<fs::path> resolve(const fs::path& named) {
  for (const fs::path& folder : {named, named / "cairn"}) {
    if (holds_images(folder)) return {folder};
  }
  std::vector<fs::path> found = below(named / "cairn");
  return found.empty() ? below(named) : found;
}

ImageFolder image_folder(const fs::path& records, const std::string& target,
                         const oci::Platform& platform) {
  return {records / "images" / target / platform.arch_name()};
}

/// What cannot be read is said by whoever needs it whole.
template <typename Read>
void try_to(const Read& read) {
  try {
    read();
  } catch (const Error&) {
    return;
  }
}

void add_parents(const ImageFolder& folder, std::set<std::string>& parents) {
  try_to([&] {
    if (!fs::exists(folder.build_description())) return;
    for (const Parent& one : BuildDescription::read(folder.build_description()).parents)
      parents.insert(one.target);
  });
  try_to([&] {
    const auto image = ImageRecord::read_if_present(folder.image_record());
    if (!image) return;
    for (const ParentRecord& one : image->parents)
      parents.insert(one.target);
  });
  try_to([&] {
    const auto exported = ExportRecord::read_if_present(folder.export_record());
    if (exported) parents.insert(exported->parent);
  });
}

}  // namespace

RecordFolders::RecordFolders(const ReleaseDescription& description, std::vector<Problem>& problems)
    : own_(description.records.front()) {
  for (const fs::path& named : description.records) {
    const std::vector<fs::path> found = resolve(named);
    if (found.empty() && named != own_) {
      problems.push_back({fmt::format("no records in '{}'", named.string()),
                          "bring a folder that holds images/ there, or take it out of "
                          "CAIRN_RECORDS_FROM"});
    }
    for (const fs::path& folder : found) {
      const bool known = std::any_of(all_.begin(), all_.end(), [&](const fs::path& other) {
        std::error_code ignored;
        return fs::equivalent(other, folder, ignored);
      });
      if (!known) all_.push_back(folder);
    }
  }
}

std::vector<ImageFolder> RecordFolders::find(const std::string& target,
                                             const oci::Platform& platform) const {
  std::vector<ImageFolder> built;
  std::vector<ImageFolder> declared;
  for (const fs::path& records : all_) {
    const ImageFolder folder = image_folder(records, target, platform);
    if (fs::exists(folder.image_record()) || fs::exists(folder.export_record())) {
      built.push_back(folder);
    } else if (fs::exists(folder.build_description())) {
      declared.push_back(folder);
    }
  }
  return built.empty() ? declared : built;
}

ImageFolder RecordFolders::own(const std::string& target, const oci::Platform& platform) const {
  return image_folder(own_, target, platform);
}

std::set<std::string> RecordFolders::parents_of(const ReleaseImage& image,
                                                const ReleaseDescription& description) const {
  std::set<std::string> parents;
  std::vector<std::string> asked{image.target};
  for (std::size_t at = 0; at < asked.size(); ++at) {
    std::set<std::string> found;
    for (const oci::Platform& platform : image.platforms) {
      for (const ImageFolder& folder : find(asked[at], platform))
        add_parents(folder, found);
    }
    for (const std::string& parent : found) {
      const bool is_new = parents.insert(parent).second;
      if (is_new && !parent.empty() && !description.publishes(parent)) asked.push_back(parent);
    }
  }
  return parents;
}

std::vector<std::string> left_out(const ReleaseDescription& description,
                                  const RecordFolders& folders,
                                  const std::set<std::string>& without) {
  std::set<std::string> out = without;
  std::vector<std::string> ordered;
  if (without.empty()) return ordered;
  for (const ReleaseImage& image : description.images) {  // parents first
    for (const std::string& parent : folders.parents_of(image, description)) {
      if (out.count(parent) > 0) out.insert(image.target);
    }
    if (out.count(image.target) > 0) ordered.push_back(image.target);
  }
  return ordered;
}

}  // namespace cairn::stack
