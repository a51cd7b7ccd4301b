// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/source.hpp"

#include <optional>
#include <string>

namespace cairn::dockerfile {

/// Joins physical lines into the logical lines that hold one instruction each: comments and
/// blank lines dropped, continuations joined without a blank, as BuildKit's parser does.
class Lexer {
 public:
  Lexer(const Source& source, char escape, std::size_t position = 0);

  /// The next logical line, or nothing at the end of the text. Throws UserError for a physical
  /// line that BuildKit would not take (more than 65,535 bytes).
  std::optional<Piece> next();

  /// A physical line with its end, as heredocs take them; nothing at the end of the text.
  std::optional<std::string_view> next_raw_line();

  /// Offset of the first character of the logical line that was read last.
  std::size_t start_of_line() const { return start_of_line_; }

  /// Offset behind the last byte that was read, line end not counted.
  std::size_t end_of_read() const { return end_of_read_; }

 private:
  Piece take_line(std::string_view raw, std::size_t offset, bool strip_left) const;
  bool trim_continuation(Piece& line) const;

  const Source& source_;
  char escape_;
  std::size_t position_;
  std::size_t start_of_line_ = 0;
  std::size_t end_of_read_ = 0;
};

}  // namespace cairn::dockerfile
