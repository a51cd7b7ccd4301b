// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/report/git.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// An entry of CMakeCache.txt.
struct CacheEntry {
  std::string name, type, value;
};

/// A configured build tree, as its CMakeCache.txt tells of it.
struct BuildTree {
  std::filesystem::path build, source;
  std::string cmake, generator, make_program;
  std::vector<CacheEntry> cache;  ///< what was set, internal entries left out

  /// The build tree that `inside` (a folder or file of it) belongs to. Throws UserError when there
  /// is none.
  static BuildTree find(const std::filesystem::path& inside);

  /// Runs CMake again if the build would. Throws UserError with CMake's message when it fails.
  void refresh() const;

  /// Names of files that CMake read when it configured, as build.ninja lists them.
  std::vector<std::string> inputs() const;
};

/// An older revision of a build tree's sources, beside it and gone with the object.
class OldTree {
 public:
  /// Writes the files of `commit` into `folder`/tree.
  OldTree(const GitTree& git, const BuildTree& now, const std::string& commit,
          std::filesystem::path folder);

  std::filesystem::path root() const { return folder_ / "tree"; }  ///< of the git tree
  std::filesystem::path build() const { return folder_ / "build"; }

  /// Configures it with the cache variables of the tree as it is. Returns why that cannot be.
  std::optional<std::string> configure() const;

  /// Instead: the descriptions as they are, said of the old files.
  void borrow_descriptions() const;

 private:
  std::string moved(const std::string& value) const;
  void write_initial_cache(const std::filesystem::path& path) const;

  const BuildTree& now_;
  std::filesystem::path git_root_, folder_;
};

}  // namespace cairn::stack
