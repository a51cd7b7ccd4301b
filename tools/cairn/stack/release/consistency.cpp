// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/consistency.hpp"

#include "base/error.hpp"
#include "base/git.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "stack/export/compose.hpp"
#include "stack/model/key_file.hpp"
#include "stack/release/platform_records.hpp"

#include <fmt/core.h>

#include <optional>
#include <set>

namespace cairn::stack {
namespace {

const PlatformEvidence* find(const Evidence& evidence, const std::string& target,
                             const oci::Platform& platform) {
  const auto found = evidence.platforms.find({target, platform});
  return found == evidence.platforms.end() ? nullptr : &found->second;
}

void check_key(const Promise& promise, const RecordFolders& folders, const std::string& source,
               Evidence& evidence) {
  try {
    const auto key =
        KeyFile::read_if_present(folders.own(promise.image.target, promise.platform).key());
    if (!key || key->source == source) return;
    evidence.problems.push_back(
        key->error.empty()
            ? promise.problem("was built of other sources than this tree has",
                              "build it again, or bring the records of a build of this source")
            : promise.problem("its sources cannot be compared: " + key->error, key->hint));
  } catch (const Error& error) {
    evidence.problems.push_back(promise.problem(error.what(), error.hint()));
  }
}

/// Whether the publishing tree was scanned and has the very sources.
bool has_source_here(const Promise& promise, const RecordFolders& folders,
                     const std::string& source) {
  try {
    const auto key =
        KeyFile::read_if_present(folders.own(promise.image.target, promise.platform).key());
    return key && key->error.empty() && key->source == source;
  } catch (const Error&) {
    return false;  // check_key tells of it
  }
}

/// Files that the build made are other ones on each platform; the commit speaks for them.
void check_commits(const ReleaseImage& image, Evidence& evidence) {
  std::vector<std::string> texts;
  std::set<std::string> commits;
  for (const oci::Platform& platform : image.platforms) {
    const PlatformEvidence* one = find(evidence, image.target, platform);
    if (one == nullptr || !one->image.generated) continue;
    const std::string& commit = one->image.revision;
    commits.insert(commit);
    texts.push_back(fmt::format("{} of {}", platform.to_string(),
                                commit.empty() ? "none" : commit.substr(0, 12)));
  }
  if (commits.size() < 2) return;
  evidence.problems.push_back(
      {fmt::format("'{}': what the build put into it is of different commits: {}", image.target,
                   join(texts, ", ")),
       "build all of them of one commit"});
}

bool stands_on(const PlatformEvidence& child, const PlatformEvidence& parent) {
  try {
    require_stands_on(child.image.target, child.exported.layers, parent.exported);
    return true;
  } catch (const UserError&) {
    return false;
  }
}

void check_layers(const Promise& promise, const PlatformEvidence& child,
                  const PlatformEvidence& ancestor, Evidence& evidence) {
  if (stands_on(child, ancestor)) return;
  evidence.problems.push_back(promise.problem(
      fmt::format("its layers do not begin with those of '{}'", ancestor.image.target),
      "cairn build --force " + shell_quote(child.folder.string())));
}

void check_export(const Promise& promise, const PlatformEvidence& child, Evidence& evidence) {
  const ExportRecord& exported = child.exported;
  const PlatformEvidence* parent = find(evidence, exported.parent, promise.platform);
  if (parent == nullptr) return;
  if (exported.parent_manifest != parent->exported.manifest.digest.to_string()) {
    evidence.problems.push_back(promise.problem(
        fmt::format("was exported on another '{}' than the one of this release", exported.parent),
        "cairn export " + shell_quote(child.folder.string())));
  } else {
    check_layers(promise, child, *parent, evidence);
  }
}

/// The first parent, of whatever stage, that is another one now.
std::optional<std::string> changed_parent(const PlatformEvidence& child, const Evidence& evidence) {
  for (const ParentRecord& on : child.image.parents) {
    const PlatformEvidence* parent = find(evidence, on.target, child.platform);
    if (parent != nullptr && parent->image.identity != on.identity) return on.target;
  }
  return std::nullopt;
}

/// The record of an image that is not published, as the one that was built on it knows it. Throws
/// UserError, saying what is there instead.
ImageRecord read_unpublished(const ParentRecord& wanted, const RecordFolders& folders,
                             const PlatformEvidence& child) {
  bool is_there = false;
  for (const ImageFolder& folder : folders.find(wanted.target, child.platform)) {
    const auto record = ImageRecord::read_if_present(folder.image_record());
    if (record && record->identity == wanted.identity) return *record;
    is_there = is_there || record;
  }
  if (is_there) {
    throw UserError(fmt::format("was built on another '{}' than its records tell", wanted.target),
                    ImageFolder{child.folder}.build_command());
  }
  throw UserError(fmt::format("stands on '{}', and no records of that are here", wanted.target),
                  "bring the folder images/ of its machine as a whole");
}

/// Of an image that stands on one that is not published: what that stands on in turn must be of
/// this release, as the tags of both are.
void check_ancestor(const ReleaseDescription& description, const Promise& promise,
                    const PlatformEvidence& child, const RecordFolders& folders,
                    Evidence& evidence) {
  try {
    ImageRecord at = child.image;
    std::set<std::string> seen;  // records are files, and may lead in a circle
    for (const ParentRecord* on = at.base_parent(); on != nullptr && seen.insert(on->target).second;
         on = at.base_parent()) {
      if (!description.publishes(on->target)) {
        at = read_unpublished(*on, folders, child);
        continue;
      }
      const PlatformEvidence* ancestor = find(evidence, on->target, child.platform);
      if (ancestor == nullptr) return;
      if (ancestor->image.identity == on->identity) {
        check_layers(promise, child, *ancestor, evidence);
        return;
      }
      evidence.problems.push_back(promise.problem(
          fmt::format("stands, by '{}', on another '{}' than the one of this release", at.target,
                      on->target),
          ImageFolder{child.folder}.build_command()));
      return;
    }
  } catch (const Error& error) {
    evidence.problems.push_back(promise.problem(error.what(), error.hint()));
  }
}

/// `'a', 'b' and 3 more` of what git-status(1) printed in its short format.
std::string changed_files(const std::string& status) {
  constexpr std::size_t kShown = 5;
  std::vector<std::string> files;
  for (const std::string& line : split_lines(status)) {
    if (line.size() > 3) files.push_back("'" + line.substr(3) + "'");
  }
  const std::size_t more = files.size() > kShown ? files.size() - kShown : 0;
  files.resize(files.size() - more);
  return join(files, ", ") + (more > 0 ? fmt::format(" and {} more", more) : "");
}

}  // namespace

void check_sources(const ReleaseDescription& description, const ReleaseImage& image,
                   const RecordFolders& folders, Evidence& evidence) {
  std::vector<std::string> texts;
  std::set<std::string> sources;
  for (const oci::Platform& platform : image.platforms) {
    const PlatformEvidence* one = find(evidence, image.target, platform);
    if (one == nullptr) continue;
    const std::string& source = one->image.source_key;
    sources.insert(source);
    texts.push_back(fmt::format("{} of {}", platform.to_string(), source.substr(0, 12)));
  }
  if (sources.size() > 1) {
    evidence.problems.push_back({fmt::format("'{}': its platforms are of different sources: {}",
                                             image.target, join(texts, ", ")),
                                 "build all of them of one commit"});
    return;
  }
  check_commits(image, evidence);
  for (const oci::Platform& platform : image.platforms) {
    if (find(evidence, image.target, platform) == nullptr) continue;
    check_key({description, image, platform}, folders, *sources.begin(), evidence);
  }
}

void check_built_trees(const ReleaseDescription& description, const ReleaseImage& image,
                       const RecordFolders& folders, Evidence& evidence) {
  for (const oci::Platform& platform : image.platforms) {
    const PlatformEvidence* one = find(evidence, image.target, platform);
    if (one == nullptr || !one->image.dirty) continue;
    const Promise promise{description, image, platform};
    if (!one->image.generated && has_source_here(promise, folders, one->image.source_key)) continue;
    // The same files need no other build: looked at again, the image is found to be of a commit.
    const std::string again =
        " and, where it was built: " + ImageFolder{one->folder}.build_command() +
        "; or say --allow-dirty";
    evidence.problems.push_back(
        one->image.revision.empty()
            ? promise.problem("was built of a source tree of which git told no commit",
                              "have `git status` succeed there" + again)
            : promise.problem("was built of a source tree with changes that were in no commit",
                              "commit them" + again));
  }
}

void check_parents(const ReleaseDescription& description, const ReleaseImage& image,
                   const RecordFolders& folders, Evidence& evidence) {
  for (const oci::Platform& platform : image.platforms) {
    const PlatformEvidence* child = find(evidence, image.target, platform);
    if (child == nullptr) continue;
    const Promise promise{description, image, platform};
    if (const auto other = changed_parent(*child, evidence)) {
      evidence.problems.push_back(promise.problem(
          fmt::format("was built on another '{}' than the one of this release", *other),
          ImageFolder{child->folder}.build_command()));
    } else if (description.publishes(child->image.base) &&
               child->exported.parent != child->image.base) {
      evidence.problems.push_back(promise.problem(
          fmt::format("stands on '{}', and its export.json does not say so", child->image.base),
          "cairn export " + shell_quote(child->folder.string())));
    } else {
      check_export(promise, *child, evidence);
      if (!description.publishes(child->image.base))
        check_ancestor(description, promise, *child, folders, evidence);
    }
  }
}

void check_source_tree(const std::string& source_dir, Evidence& evidence) {
  if (work_tree_above(source_dir).empty()) return;
  const auto git = find_program("git");
  if (!git) {
    evidence.problems.push_back({fmt::format("whether the source tree '{}' has changes cannot be "
                                             "told: there is no git",
                                             source_dir),
                                 "install git; or say --allow-dirty"});
    return;
  }
  const ProcessResult status =
      run_process(git_command(*git, source_dir, {"status", "--porcelain", "--untracked-files=no"}));
  if (status.exit_status != 0) {
    evidence.problems.push_back({fmt::format("whether the source tree '{}' has changes cannot be "
                                             "told: {}",
                                             source_dir, trim(last_lines(status.err, 1))),
                                 "mend what git says; or say --allow-dirty"});
    return;
  }
  if (trim(status.out).empty()) return;
  evidence.problems.push_back(
      {fmt::format("the source tree '{}' has changes that are in no commit: "
                   "{}",
                   source_dir, changed_files(status.out)),
       "commit them; or say --allow-dirty"});
}

}  // namespace cairn::stack
