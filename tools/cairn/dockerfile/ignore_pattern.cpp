// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/ignore_pattern.hpp"

#include "base/error.hpp"
#include "dockerfile/source.hpp"

#include <algorithm>
#include <stdexcept>

namespace cairn::dockerfile {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr std::string_view kReplacementBytes = "\xEF\xBF\xBD";

char32_t decode(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  switch (character.size()) {
    case 2:
      return (byte(0) & 0x1Fu) << 6 | (byte(1) & 0x3Fu);
    case 3:
      return (byte(0) & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
    case 4:
      return (byte(0) & 0x07u) << 18 | (byte(1) & 0x3Fu) << 12 | (byte(2) & 0x3Fu) << 6 |
             (byte(3) & 0x3Fu);
    default:
      return byte(0) < 0x80 ? byte(0) : kReplacement;
  }
}

bool is_stray(std::string_view character) {
  return character.size() == 1 && static_cast<unsigned char>(character.front()) >= 0x80;
}

// `text` as Go ranges over it: U+FFFD for each byte that belongs to no character.
std::string in_characters(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view character = text.substr(i, character_length(text, i));
    result += is_stray(character) ? kReplacementBytes : character;
    i += character.size();
  }
  return result;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

// What patternmatcher compares as text: no wildcard but one '**' at an end.
bool is_plain(std::string_view text) {
  if (text.starts_with("**")) {
    text.remove_prefix(2);
  } else if (text.ends_with("**")) {
    text.remove_suffix(2);
  }
  return text.find_first_of("*?\\[]") == std::string_view::npos;
}

std::string_view character_at(std::string_view text, std::size_t position) {
  return text.substr(position, character_length(text, position));
}

}  // namespace

IgnorePattern::IgnorePattern(std::string pattern, PatternReading reading)
    : text_(std::move(pattern)),
      reading_(reading),
      by_bytes_(reading == PatternReading::glob ||
                (reading == PatternReading::docker && is_plain(text_))) {
  read_ = text_;
  if (!by_bytes_ && read_.starts_with("\xEF\xBB\xBF")) read_.erase(0, 3);
  compile();
  if (by_bytes_ || !needs_expression(read_, reading)) return;
  try {
    regular_.emplace(as_regular_expression(in_characters(read_), reading));
  } catch (const Error&) {
    throw std::invalid_argument("the engine makes a regular expression of it, and it is none");
  }
}

void IgnorePattern::add_literal(std::string_view character) {
  if (tokens_.empty() || tokens_.back().kind != Token::Kind::literal) {
    tokens_.emplace_back();
  }
  tokens_.back().literal += !by_bytes_ && is_stray(character) ? kReplacementBytes : character;
}

void IgnorePattern::compile() {
  std::size_t position = 0;
  while (position < read_.size()) {
    const char byte = read_[position];
    if (byte == '*') {
      position = compile_stars(position);
    } else if (byte == '[') {
      position = compile_class(position);
    } else if (byte == '?') {
      tokens_.push_back({Token::Kind::any, {}, false, {}});
      ++position;
    } else {
      position += byte == '\\' ? 1 : 0;
      if (position >= read_.size()) {
        throw std::invalid_argument("nothing follows the '\\' at its end");
      }
      const std::string_view character = character_at(read_, position);
      add_literal(character);
      position += character.size();
    }
  }
}

// '**' with the '/' behind it is any number of folders; at the end it is everything.
std::size_t IgnorePattern::compile_stars(std::size_t position) {
  if (read_.compare(position, 2, "**") != 0) {
    tokens_.push_back({Token::Kind::star, {}, false, {}});
    return position + 1;
  }
  position += 2;
  if (position < read_.size() && read_[position] == '/') {
    ++position;
  }
  // docker compares plain text with the end of the path: with `**x` it may begin amid a part.
  const bool any_start = by_bytes_ && read_[position - 1] != '/';
  const bool last = position == read_.size();
  const auto kind = last || any_start ? Token::Kind::everything : Token::Kind::folders;
  tokens_.push_back({kind, {}, false, {}});
  return position;
}

char32_t IgnorePattern::class_character(std::size_t& position) const {
  const bool misplaced =
      position < read_.size() && (read_[position] == '-' || read_[position] == ']');
  if (position < read_.size() && read_[position] == '\\') {
    ++position;
  } else if (misplaced) {
    throw std::invalid_argument(std::string("'") + read_[position] + "' is misplaced in its '[…]'");
  }
  if (position >= read_.size()) {
    throw std::invalid_argument("its '[' is not closed");
  }
  const std::string_view character = character_at(read_, position);
  if (is_stray(character)) {
    throw std::invalid_argument("a byte in its '[…]' is not UTF-8");
  }
  position += character.size();
  return decode(character);
}

// A class as Go's path.Match checks it: never empty, '-' only between two characters.
std::size_t IgnorePattern::compile_class(std::size_t position) {
  Token token{Token::Kind::set, {}, false, {}};
  ++position;
  if (position < read_.size() && read_[position] == '^') {
    token.negated = true;
    ++position;
  }
  do {
    Range range;
    const bool is_kind = read_[position] == '\\' && position + 1 < read_.size() &&
                         is_class_escape(read_[position + 1]);
    range.low = range.high = class_character(position);
    if (position < read_.size() && read_[position] == '-') {
      range.high = class_character(++position);
    }
    if (range.high < range.low && reading_ != PatternReading::glob && !is_kind) {
      throw std::invalid_argument("a range in its '[…]' runs backwards");
    }
    token.ranges.push_back(range);
    if (position >= read_.size()) {
      throw std::invalid_argument("its '[' is not closed");
    }
  } while (read_[position] != ']');
  tokens_.push_back(std::move(token));
  return position + 1;
}

bool IgnorePattern::fits(const Token& token, std::string_view character) {
  if (token.kind == Token::Kind::any) {
    return character != "/";
  }
  const char32_t code = decode(character);
  const bool inside =
      std::any_of(token.ranges.begin(), token.ranges.end(),
                  [code](const Range& range) { return range.low <= code && code <= range.high; });
  return inside != token.negated;  // a negated class takes '/' too, as it does in the engines
}

// `from` and `to` flag the offsets of `path` that are reached before and after `token`.
void IgnorePattern::step(const Token& token, std::string_view path, const std::vector<char>& from,
                         std::vector<char>& to) const {
  for (std::size_t i = 0; i <= path.size(); ++i) {
    const bool here = from[i] != 0;
    const bool more = i < path.size();
    if (token.kind == Token::Kind::literal) {
      if (here && path.substr(i).starts_with(token.literal)) to[i + token.literal.size()] = 1;
    } else if (token.kind != Token::Kind::star) {
      if (here && more && fits(token, character_at(path, i))) to[i + character_length(path, i)] = 1;
    } else if (here || to[i] != 0) {
      to[i] = 1;
      // Go's filepath.Match goes on by bytes, an expression by characters.
      if (more && path[i] != '/') to[i + (by_bytes_ ? 1 : character_length(path, i))] = 1;
    }
  }
}

// The same for a '**': to the start of any folder, or to any offset.
void IgnorePattern::step_far(const Token& token, std::string_view path,
                             const std::vector<char>& from, std::vector<char>& to) const {
  bool running = false;  // one that began further left
  for (std::size_t i = 0; i <= path.size(); ++i) {
    running = running || from[i] != 0;
    if (token.kind == Token::Kind::everything) {
      to[i] = static_cast<char>(running);
    } else {
      to[i] = static_cast<char>(to[i] != 0 || from[i] != 0);
      if (running && i < path.size() && path[i] == '/') to[i + 1] = 1;
    }
    // What is no plain text is an expression to the engines, whose '.' is no newline.
    running = running && (by_bytes_ || i == path.size() || path[i] != '\n');
  }
}

bool IgnorePattern::fits_tokens(std::string_view path) const {
  if (tokens_.size() == 1 && tokens_.front().kind == Token::Kind::literal) {
    return path == tokens_.front().literal;
  }
  std::vector<char> reached(path.size() + 1, 0);
  std::vector<char> next(path.size() + 1, 0);
  reached[0] = 1;
  for (const Token& token : tokens_) {
    std::fill(next.begin(), next.end(), char{0});
    if (token.kind == Token::Kind::folders || token.kind == Token::Kind::everything) {
      step_far(token, path, reached, next);
    } else {
      step(token, path, reached, next);
    }
    reached.swap(next);
  }
  return reached.back() != 0;
}

bool IgnorePattern::matches(std::string_view path) const {
  if (!by_bytes_ && !is_ascii(path)) {
    const std::string characters = in_characters(path);
    return regular_ ? regular_->found_in(characters) : fits_tokens(characters);
  }
  return regular_ ? regular_->found_in(path) : fits_tokens(path);
}

}  // namespace cairn::dockerfile
