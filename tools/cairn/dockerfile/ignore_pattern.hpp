// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/pattern.hpp"
#include "dockerfile/ignore_expression.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::dockerfile {

/// One cleaned pattern of an ignore file, compiled. '*' and '?' stay within a path part, '**'
/// does not (`**x` is a part `x` at any depth; to docker, if that is plain text, what ends in `x`),
/// `[a-z]` and `[^a-z]` are classes, '\' escapes. All other characters are themselves
/// but where the engines' regular expression shows through: `\d` is a digit, `[[:digit:]]` too,
/// `[*]` is no star, `^x*` is `x*`, and each byte that is not UTF-8 is U+FFFD, like any other.
class IgnorePattern {
 public:
  /// Throws std::invalid_argument, its text for people, when the pattern is bad.
  explicit IgnorePattern(std::string pattern, PatternReading reading = PatternReading::docker);

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
  bool fits_tokens(std::string_view path) const;
  std::size_t compile_stars(std::size_t position);
  std::size_t compile_class(std::size_t position);
  char32_t class_character(std::size_t& position) const;
  void add_literal(std::string_view character);
  static bool fits(const Token& token, std::string_view character);
  void step(const Token& token, std::string_view path, const std::vector<char>& from,
            std::vector<char>& to) const;
  void step_far(const Token& token, std::string_view path, const std::vector<char>& from,
                std::vector<char>& to) const;

  std::string text_;
  std::string read_;  ///< `text_`, but for a byte order mark, which expressions lose
  PatternReading reading_;
  bool by_bytes_;  ///< and not by characters, of which one stands for all stray bytes
  std::vector<Token> tokens_;
  std::optional<LinearPattern> regular_;  ///< instead of the tokens
};

}  // namespace cairn::dockerfile
