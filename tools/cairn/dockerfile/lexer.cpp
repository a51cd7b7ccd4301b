// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/lexer.hpp"

#include <algorithm>

namespace cairn::dockerfile {
namespace {

// Go's bufio.MaxScanTokenSize less the line's end.
constexpr std::size_t kLongestLine = 65535;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view without_end(std::string_view raw) {
  while (!raw.empty() && (raw.back() == '\n' || raw.back() == '\r')) {
    raw.remove_suffix(1);
  }
  return raw;
}

// The first character that is no white space, or the size of `line`.
std::size_t first_character(std::string_view line) {
  std::size_t first = 0;
  while (const std::size_t length = space_length(line, first)) {
    first += length;
  }
  return first;
}

}  // namespace

Lexer::Lexer(const Source& source, char escape, std::size_t position)
    : source_(source), escape_(escape), position_(position) {
  if (position_ == 0 && source.text().starts_with(kByteOrderMark)) {
    position_ = kByteOrderMark.size();
  }
}

std::optional<std::string_view> Lexer::next_raw_line() {
  const std::string_view text = source_.text();
  if (position_ >= text.size()) {
    return std::nullopt;
  }
  const std::size_t start = position_;
  const std::size_t newline = text.find('\n', start);
  const std::size_t end = std::min(newline, text.size());
  if (end - start > kLongestLine) {
    source_.fail(start, "line is longer than 65535 bytes");
  }
  position_ = newline == std::string_view::npos ? end : end + 1;
  end_of_read_ = start + without_end(text.substr(start, end - start)).size();
  return text.substr(start, position_ - start);
}

Piece Lexer::take_line(std::string_view raw, std::size_t offset, bool strip_left) const {
  const std::string_view line = without_end(raw);
  const std::size_t first = strip_left ? first_character(line) : 0;
  Piece piece;
  piece.value = line.substr(first);
  piece.at.resize(piece.value.size());
  for (std::size_t i = 0; i < piece.at.size(); ++i) {
    piece.at[i] = offset + first + i;
  }
  return piece;
}

// A line goes on when its last character but blanks is the escape character and the one before is
// not: `([^\\])\\[ \t]*$|^\\[ \t]*$`. So two at the end are no continuation, and neither are three.
bool Lexer::trim_continuation(Piece& line) const {
  const std::size_t last = line.value.find_last_not_of(" \t");
  if (last == std::string::npos || line.value[last] != escape_) {
    return false;
  }
  if (last > 0 && line.value[last - 1] == escape_) {
    return false;
  }
  line = line.substr(0, last);
  return true;
}

std::optional<Piece> Lexer::next() {
  Piece result;
  bool started = false;
  while (true) {
    const std::size_t offset = position_;
    const std::optional<std::string_view> raw = next_raw_line();
    if (!raw) {
      return started ? std::optional(result) : std::nullopt;
    }
    const std::string_view line = without_end(*raw);
    const std::size_t first = first_character(line);
    if (first == line.size() || line[first] == '#') {
      continue;  // blank or comment: nothing of an instruction, and it does not end one either
    }
    if (!started) {
      start_of_line_ = offset + first;
    }
    Piece piece = take_line(*raw, offset, !started);
    const bool goes_on = trim_continuation(piece);
    result.append(piece);
    started = true;
    if (!goes_on) {
      return result;
    }
  }
}

}  // namespace cairn::dockerfile
