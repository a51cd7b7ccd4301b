// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/layout.hpp"
#include "stack/release/evidence.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace cairn::stack {

/// The record folders of a release: those that hold `images/`, each once, the publishing tree's own
/// first. A description names them themselves, a build folder (`<dir>/cairn` is meant then) or a
/// multi-config one (all of its configurations).
class RecordFolders {
 public:
  /// A folder named beside the own one that holds no records is a problem.
  RecordFolders(const ReleaseDescription& description, std::vector<Problem>& problems);

  /// The folders of one image on one platform in which a build left anything.
  std::vector<ImageFolder> find(const std::string& target, const oci::Platform& platform) const;
  /// The folder in the publishing tree, there or not.
  ImageFolder own(const std::string& target, const oci::Platform& platform) const;

  /// The targets that `image` was or is to be built on or from, by whatever record says so, and
  /// those of parents that `description` does not publish.
  std::set<std::string> parents_of(const ReleaseImage& image,
                                   const ReleaseDescription& description) const;

 private:
  std::filesystem::path own_;
  std::vector<std::filesystem::path> all_;
};

/// `without` and everything that stands on them, in the order of the description.
std::vector<std::string> left_out(const ReleaseDescription& description,
                                  const RecordFolders& folders,
                                  const std::set<std::string>& without);

}  // namespace cairn::stack
