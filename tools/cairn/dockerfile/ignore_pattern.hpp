// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/pattern.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::dockerfile {

/// One cleaned pattern of an ignore file, compiled. '*' and '?' stay within a path part, '**'
/// does not, `[a-z]` and `[^a-z]` are classes, '\' escapes. All other characters are themselves,
/// unless `regular`: then `+ ( ) | ^` and `{2}` are what a regular expression has them for, as in
/// engines that make one of the pattern and forget to escape them.
class IgnorePattern {
 public:
  /// Throws std::invalid_argument, its text for people, when the pattern is bad.
  explicit IgnorePattern(std::string pattern, bool regular = false);

  const std::string& text() const { return text_; }
  bool matches(std::string_view path) const;

 private:
  struct Range {
    char32_t low = 0;
    char32_t high = 0;
  };
  struct Token {
    enum class Kind { literal, any, star, folders, everything, set };
    Kind kind = Kind::literal;
    std::string literal;
    bool negated = false;
    std::vector<Range> ranges;
  };

  void compile();
  std::size_t compile_stars(std::size_t position);
  std::size_t compile_class(std::size_t position);
  char32_t class_character(std::size_t& position) const;
  void add_literal(std::string_view bytes);
  static bool fits(const Token& token, std::string_view character);
  static void step(const Token& token, std::string_view path, const std::vector<char>& from,
                   std::vector<char>& to);

  std::string text_;
  std::vector<Token> tokens_;
  std::optional<Pattern> regular_;  ///< instead of the tokens
};

}  // namespace cairn::dockerfile
