// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/dockerfile.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::dockerfile {

/// Text of the recipe after continuations were joined, that still knows for each of its bytes
/// where in the source it stands.
struct Piece {
  std::string value;
  std::vector<std::size_t> at;  ///< source offset of each byte of `value`

  bool empty() const { return value.empty(); }
  void append(char byte, std::size_t offset);
  void append(const Piece& other);
  Piece substr(std::size_t from, std::size_t length = std::string::npos) const;
  /// Without Unicode white space at both ends.
  Piece trimmed() const;
};

/// The source text with its path: makes spans and messages that point at a place.
class Source {
 public:
  Source(std::string_view text, std::string path);

  std::string_view text() const { return text_; }
  const std::string& path() const { return path_; }

  Span span(std::size_t offset, std::size_t length) const;
  /// From the first byte of `piece` to its last; `fallback` is the place of an empty one.
  Span span(const Piece& piece, std::size_t fallback) const;

  /// Throws UserError: `<path>:<line>:<column>: <what>`, the source line, a caret under it.
  [[noreturn]] void fail(std::size_t offset, const std::string& what,
                         const std::string& hint = {}) const;

 private:
  struct Place {
    std::size_t line_start = 0;
    int line = 1;
  };
  Place find_place(std::size_t offset) const;

  std::string_view text_;
  std::string path_;
  std::vector<std::size_t> line_starts_;
};

/// The length of the white space character (Unicode's White_Space, as Go's unicode.IsSpace) that
/// begins at `position`, or 0.
std::size_t space_length(std::string_view text, std::size_t position);

/// `text` without space at its ends, as Go's strings.TrimSpace.
std::string_view trim_spaces(std::string_view text);

/// The length of the UTF-8 sequence that begins at `position`; 1 for a byte that begins none.
std::size_t character_length(std::string_view text, std::size_t position);

/// Whether a blank inside a logical line parts two words: BuildKit's `[\t\v\f\r ]`.
constexpr bool is_blank(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\v' || byte == '\f' || byte == '\r';
}

constexpr bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

constexpr bool is_letter(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/// ASCII upper case; keywords and flags know no other letters.
std::string to_upper(std::string_view text);

}  // namespace cairn::dockerfile
