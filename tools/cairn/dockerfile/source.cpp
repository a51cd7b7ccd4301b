// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/source.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace cairn::dockerfile {
namespace {

std::string_view line_at(std::string_view text, std::size_t start) {
  std::string_view line = text.substr(start, text.find('\n', start) - start);
  while (!line.empty() && line.back() == '\r') {
    line.remove_suffix(1);
  }
  return line;
}

// A line of a message is for a terminal: of a long one only what stands around the caret.
constexpr std::size_t kShownBefore = 120;
constexpr std::size_t kShownAtMost = 160;

// Cuts a long line, at whole characters; `column` becomes the caret's place in what is left.
std::string_view window_of(std::string_view line, std::size_t& column) {
  const auto whole = [&line](std::size_t at) {
    while (at > 0 && at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80) {
      --at;
    }
    return std::min(at, line.size());
  };
  const std::size_t begin = whole(column > kShownBefore ? column - kShownBefore : 0);
  const std::size_t end = whole(begin + kShownAtMost);
  column -= begin;
  return line.substr(begin, end - begin);
}

bool is_control(char byte) {
  return (static_cast<unsigned char>(byte) < 0x20 && byte != '\t') || byte == 0x7f;
}

// A terminal must not be steered by a recipe, and a message must not end at a NUL.
std::string printable(std::string_view line) {
  std::string shown(line);
  std::replace_if(shown.begin(), shown.end(), is_control, '?');
  return shown;
}

// One blank a character, tabs kept, so that the caret stands under its place.
std::string caret_under(std::string_view line, std::size_t column) {
  std::string result;
  for (std::size_t i = 0; i < std::min(column, line.size()); ++i) {
    const bool continues = (static_cast<unsigned char>(line[i]) & 0xC0) == 0x80;
    if (!continues) {
      result += line[i] == '\t' ? '\t' : ' ';
    }
  }
  return result + '^';
}

}  // namespace

void Piece::append(char byte, std::size_t offset) {
  value += byte;
  at.push_back(offset);
}

void Piece::append(const Piece& other) {
  value += other.value;
  at.insert(at.end(), other.at.begin(), other.at.end());
}

Piece Piece::substr(std::size_t from, std::size_t length) const {
  const std::size_t count = std::min(length, value.size() - from);
  const auto first = at.begin() + static_cast<std::ptrdiff_t>(from);
  return {value.substr(from, count), {first, first + static_cast<std::ptrdiff_t>(count)}};
}

Piece Piece::trimmed() const {
  const std::string_view inner = trim_spaces(value);
  return substr(static_cast<std::size_t>(inner.data() - value.data()), inner.size());
}

Source::Source(std::string_view text, std::string path)
    : text_(text), path_(std::move(path)), line_starts_{0} {
  for (std::size_t i = text.find('\n'); i != std::string_view::npos; i = text.find('\n', i + 1)) {
    line_starts_.push_back(i + 1);
  }
}

Source::Place Source::find_place(std::size_t offset) const {
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  return {*std::prev(next), static_cast<int>(next - line_starts_.begin())};
}

Span Source::span(std::size_t offset, std::size_t length) const {
  const Place place = find_place(offset);
  return {offset, length, place.line, static_cast<int>(offset - place.line_start) + 1};
}

Span Source::span(const Piece& piece, std::size_t fallback) const {
  if (piece.empty()) {
    return span(fallback, 0);
  }
  return span(piece.at.front(), piece.at.back() + 1 - piece.at.front());
}

void Source::fail(std::size_t offset, const std::string& what, const std::string& hint) const {
  const Place place = find_place(offset);
  const std::size_t column = offset - place.line_start;
  std::string_view line = line_at(text_, place.line_start);
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  std::size_t hidden = 0;
  if (place.line == 1 && line.starts_with(byte_order_mark)) {
    hidden = std::min(column, byte_order_mark.size());
    line.remove_prefix(byte_order_mark.size());
  }
  std::size_t shown_column = column - hidden;
  const std::string_view shown = window_of(line, shown_column);
  throw UserError(path_ + ":" + std::to_string(place.line) + ":" +
                      std::to_string(column - hidden + 1) + ": " + printable(what) + "\n" +
                      printable(shown) + "\n" + caret_under(shown, shown_column),
                  hint);
}

std::size_t character_length(std::string_view text, std::size_t position) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[position + i]); };
  const auto lead = byte(0);
  const std::size_t length = lead < 0xC2 || lead > 0xF4 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (length == 1 || position + length > text.size()) return 1;
  // No second spelling of a shorter character, no surrogates, nothing above U+10FFFF.
  const unsigned char least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < least || byte(1) > most) return 1;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 1;
  }
  return length;
}

std::size_t space_length(std::string_view text, std::size_t position) {
  if (position >= text.size()) {
    return 0;
  }
  if (is_blank(text[position]) || text[position] == '\n') {
    return 1;
  }
  // U+0085, U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000.
  constexpr std::array<std::string_view, 19> wide = {
      "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
      "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
      "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
      "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
  if ((static_cast<unsigned char>(text[position]) & 0x80) != 0) {
    for (const std::string_view space : wide) {
      if (text.substr(position).starts_with(space)) {
        return space.size();
      }
    }
  }
  return 0;
}

std::string_view trim_spaces(std::string_view text) {
  std::size_t first = 0;
  while (const std::size_t length = space_length(text, first)) {
    first += length;
  }
  std::size_t end = first;
  for (std::size_t i = first; i < text.size();) {
    const std::size_t length = space_length(text, i);
    i += length != 0 ? length : character_length(text, i);
    if (length == 0) {
      end = i;
    }
  }
  return text.substr(first, end - first);
}

std::string to_upper(std::string_view text) {
  std::string result(text);
  for (char& byte : result) {
    if (byte >= 'a' && byte <= 'z') {
      byte = static_cast<char>(byte - 'a' + 'A');
    }
  }
  return result;
}

}  // namespace cairn::dockerfile
