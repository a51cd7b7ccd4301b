// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/evidence.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "stack/release/consistency.hpp"
#include "stack/release/platform_records.hpp"
#include "stack/release/record_folders.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace cairn::stack {
namespace {

void add_all(const std::vector<Problem>& from, std::vector<Problem>& into) {
  into.insert(into.end(), from.begin(), from.end());
}

/// The manifest of a folder's export, or what stands in for it in a message.
std::string manifest_of(const FolderFindings& findings) {
  return findings.evidence ? findings.evidence->exported.manifest.digest.to_string() : "";
}

/// Takes the one record of the promised platform, or one of several that are the same image.
void take(const Promise& promise, const RecordFolders& folders, const GateOptions& options,
          Evidence& evidence) {
  const std::vector<ImageFolder> found = folders.find(promise.image.target, promise.platform);
  if (found.empty()) {
    evidence.problems.push_back(promise.problem(
        "no records of it",
        "bring the records of a machine that builds it: cmake -DCAIRN_RECORDS_FROM=<folder>"));
    return;
  }
  std::vector<FolderFindings> all;
  for (const ImageFolder& folder : found)
    all.push_back(read_folder(promise, folder, options));
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (!manifest_of(all[0]).empty() && manifest_of(all[i]) == manifest_of(all[0])) continue;
    evidence.problems.push_back(promise.problem(
        fmt::format("two records of it that are not the same image: '{}' and '{}'",
                    found[0].path.string(), found[i].path.string()),
        "remove one of the two folders, or take its tree out of CAIRN_RECORDS_FROM"));
    return;
  }
  // Of equal ones the first that is whole: one machine may have tested what another has not.
  auto best = std::find_if(all.begin(), all.end(), [](const FolderFindings& one) {
    return one.evidence && one.problems.empty();
  });
  if (best == all.end()) best = all.begin();
  add_all(best->problems, evidence.problems);
  if (best->evidence) {
    evidence.platforms.emplace(std::pair(promise.image.target, promise.platform), *best->evidence);
  }
}

}  // namespace

Evidence gather(const ReleaseDescription& description, const GateOptions& options) {
  for (const auto* targets : {&options.without, &options.allow_untested}) {
    for (const std::string& target : *targets)
      description.image(target);
  }
  Evidence evidence;
  const RecordFolders folders(description, evidence.problems);
  evidence.left_out = left_out(description, folders, options.without);
  if (evidence.left_out.size() == description.images.size()) {
    evidence.problems.push_back({"no image is left to publish", ""});
  }
  for (const ReleaseImage& image : description.images) {
    const auto& out = evidence.left_out;
    if (std::find(out.begin(), out.end(), image.target) != out.end()) continue;
    for (const oci::Platform& platform : image.platforms)
      take({description, image, platform}, folders, options, evidence);
    check_sources(description, image, folders, evidence);
    if (!options.allow_dirty) check_built_trees(description, image, folders, evidence);
    check_parents(description, image, folders, evidence);
  }
  for (const auto& [key, platform] : evidence.platforms) {
    if (!platform.image.revision.empty()) evidence.revisions.insert(platform.image.revision);
  }
  if (!options.allow_dirty) check_source_tree(description.source_dir, evidence);
  return evidence;
}

void require_no_problems(const std::vector<Problem>& problems) {
  if (problems.empty()) return;
  std::vector<std::string> lines;
  for (const Problem& problem : problems)
    lines.push_back(problem.what);
  throw UserError(join(lines, "\n"), problems.front().hint);
}

}  // namespace cairn::stack
