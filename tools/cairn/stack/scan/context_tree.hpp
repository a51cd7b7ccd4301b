// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/context_sources.hpp"
#include "dockerfile/ignore.hpp"
#include "stack/scan/content_index.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::stack {

/// A file or folder that the build made, by its path in the context.
struct GeneratedPath {
  std::string from;  ///< where it lies on disk
  PathStamp stamp;
};
using GeneratedPaths = std::map<std::string, GeneratedPath>;

/// One path as a builder sees it.
struct ContextNode {
  PathStamp stamp;       ///< kind `absent` when the ignore rules leave it out
  bool own_mode = true;  ///< false: a folder that the builder makes itself, as 0755
  bool generated = false;
};

/// A context under its ignore rules, with generated files laid over it. Looks only where it is
/// asked to. Paths are relative, '/' between parts, no link among the folders before the last
/// part; the root is the empty path.
class ContextTree {
 public:
  /// Throws UserError when `root` cannot be read and nothing is generated.
  ContextTree(std::string root, const dockerfile::IgnoreRules& rules, dockerfile::Builder builder,
              GeneratedPaths generated = {});
  ~ContextTree();
  ContextTree(const ContextTree&) = delete;
  ContextTree& operator=(const ContextTree&) = delete;

  const std::string& root() const { return root_; }
  std::string ignore_file() const;  ///< as messages name it

  ContextNode find(const std::string& path);

  /// Names and nodes in a folder, sorted by name, without those that are left out.
  std::vector<std::pair<std::string, ContextNode>> list(const std::string& folder);

  std::string link_target(const std::string& path) const;
  std::string disk_path(const std::string& path) const;

  /// Whether it is on disk, whatever the ignore rules say: for messages.
  bool on_disk(const std::string& path) const;

  /// What was looked at and is no part of the context itself: folders that were read and paths
  /// that were not there, each with its stamp.
  const std::map<std::string, PathStamp>& looked_at() const { return looked_at_; }

 private:
  ContextNode judge(const std::string& path, const PathStamp& stamp);
  bool holds_anything(const std::string& folder);
  std::set<std::string> names_in(const std::string& folder);
  std::vector<std::string> names_on_disk(const std::string& folder);
  [[noreturn]] void refuse_unreadable(const std::string& path) const;

  std::string root_;
  const dockerfile::IgnoreRules& rules_;
  dockerfile::Builder builder_;
  GeneratedPaths generated_;
  int root_fd_ = -1;
  std::map<std::string, PathStamp> looked_at_;
  std::map<std::string, bool> holds_anything_;
};

}  // namespace cairn::stack
