// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cairn::dockerfile {

/// A pattern of `${v#p}`, `${v%p}` and `${v/p/w}`: '*' is any text, '?' any character, '\' escapes
/// these two and itself. Brackets are ordinary characters, as in BuildKit.
class ShellPattern {
 public:
  /// Throws ExpandError for any other escape.
  explicit ShellPattern(std::string_view pattern);

  /// `value` without the shortest or longest match at its start (its end).
  std::string without_prefix(const std::string& value, bool longest) const;
  std::string without_suffix(const std::string& value, bool longest) const;

  /// `value` with the first match, or all of them, replaced; of the matches that begin at one
  /// place the longest counts.
  std::string replaced(const std::string& value, const std::string& word, bool all) const;

 private:
  struct Token {
    enum class Kind { literal, any, star };
    Kind kind = Kind::literal;
    char byte = 0;
  };

  /// Flags, one for each offset of `value` from `start`: whether a match of the whole pattern
  /// that begins at `start` ends there.
  std::vector<bool> ends(std::string_view value, std::size_t start) const;

  std::vector<Token> tokens_;
};

}  // namespace cairn::dockerfile
