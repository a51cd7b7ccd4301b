// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

struct Commit {
  std::string hash;  ///< full
  std::string date;  ///< the author's, RFC 3339 in UTC
  std::string author;
  std::string subject;
};

/// What git knows of one path.
struct PathHistory {
  std::optional<Commit> commit;  ///< the last that changed it; nothing when none did
  bool uncommitted = false;      ///< the work tree differs from that commit
  bool ignored = false;          ///< git ignores it
};

/// A path that differs between a revision and the work tree.
struct GitChange {
  char status = 'M';     ///< as git shows it: A M D R T; `?` untracked
  std::string path;      ///< relative to the root
  std::string old_path;  ///< of a renamed one
};

/// A git work tree, asked by its own program.
class GitTree {
 public:
  /// The work tree that `folder` lies in; nothing when there is none or no git. Starts no process.
  static std::optional<GitTree> find(const std::filesystem::path& folder);

  const std::filesystem::path& root() const { return root_; }

  /// `path` (absolute) as git names it; empty when it lies outside.
  std::string relative(const std::filesystem::path& path) const;

  /// The history of `paths` (relative to the root), by two processes however many they are. Empty
  /// when git refuses, as in a repository without commits.
  std::map<std::string, PathHistory> history(const std::vector<std::string>& paths) const;

  /// The commit that `revision` names. Throws UserError when there is none.
  Commit commit(const std::string& revision) const;

  /// What differs between `commit` and the work tree, untracked files included, ignored ones not.
  std::vector<GitChange> changes_since(const std::string& commit) const;

  /// Writes the files of `commit` into `folder`, by an index of its own: the repository stays as
  /// it is.
  void write_tree(const std::string& commit, const std::filesystem::path& folder) const;

 private:
  explicit GitTree(std::filesystem::path root) : root_(std::move(root)) {}
  std::filesystem::path root_;
};

}  // namespace cairn::stack
