// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::dockerfile {

/// Whose reading of the patterns: docker's (moby/patternmatcher); that of docker command lines
/// before 23.0, which alone have BuildKit built in; or buildah's and podman's (containers/storage
/// fileutils). The latter two hand `+ ( ) |` to a regular expression.
enum class IgnoreDialect { docker, docker20, buildah };

/// The rules of one `.dockerignore`; last matching line wins.
class IgnoreRules {
 public:
  /// `path` is for messages. Throws UserError `<path>:3: …` on a lone '!' or a bad pattern.
  static IgnoreRules parse(std::string_view text, IgnoreDialect dialect, const std::string& path);
  IgnoreRules();
  ~IgnoreRules();
  IgnoreRules(IgnoreRules&&) noexcept;
  IgnoreRules& operator=(IgnoreRules&&) noexcept;

  bool empty() const;

  /// Whether `path` (relative to the context, '/' between parts, no leading '/') is left out.
  /// A path is matched by a pattern when any parent folder of it is.
  bool excludes(std::string_view path) const;

  /// Whether nothing below the excluded folder `directory` can come back by a '!' line, so that
  /// a walk need not enter it.
  bool prunes(std::string_view directory) const;

 private:
  struct Pattern;
  bool matched(std::string_view path) const;  ///< by the patterns alone
  std::vector<Pattern> patterns_;
};

}  // namespace cairn::dockerfile
