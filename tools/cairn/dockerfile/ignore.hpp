// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::dockerfile {

/// Whose reading of an ignore file, which the command line decides:
/// - docker20: docker before 23.0, with BuildKit or without (its pkg/fileutils);
/// - docker: the legacy builder of docker 23.0 and later (moby/patternmatcher);
/// - buildx: its BuildKit (the same patterns, walked by tonistiigi/fsutil);
/// - buildah: buildah's and podman's (containers/storage pkg/fileutils).
/// docker20 and buildah hand `+ ( ) |` to a regular expression.
enum class IgnoreDialect { docker, buildx, docker20, buildah };

/// The rules of one ignore file; last matching line wins.
class IgnoreRules {
 public:
  /// `path` is where `text` stands. Throws UserError `<path>:3: …` on a lone '!' or a bad pattern.
  static IgnoreRules parse(std::string_view text, IgnoreDialect dialect, const std::string& path);
  IgnoreRules();
  ~IgnoreRules();
  IgnoreRules(IgnoreRules&&) noexcept;
  IgnoreRules& operator=(IgnoreRules&&) noexcept;

  bool empty() const;
  IgnoreDialect dialect() const { return dialect_; }
  const std::string& file() const { return file_; }  ///< that they stand in; empty when in none

  /// Whether `path` (relative to the context, '/' between parts, no leading '/') is left out.
  bool excludes(std::string_view path) const;

  /// Whether nothing below the excluded folder `directory` can come back by a '!' line, so that
  /// a walk need not enter it.
  bool prunes(std::string_view directory) const;

  /// The first line for whose sake a builder looks into the excluded folder `directory`:
  /// `!**/*.go`. Nothing when it does not.
  std::optional<std::string> entered_for(std::string_view directory) const;

 private:
  struct Pattern;
  bool matched_by_one_parent(std::string_view path) const;
  bool matched_by_any_parent(std::string_view path) const;
  bool matched_below(std::string_view path, std::vector<char>& above) const;

  IgnoreDialect dialect_ = IgnoreDialect::docker;
  std::string file_;
  std::vector<Pattern> patterns_;
};

/// The line of an ignore file that leaves out `path` and nothing beside it.
std::string ignore_line(std::string_view path);

}  // namespace cairn::dockerfile
