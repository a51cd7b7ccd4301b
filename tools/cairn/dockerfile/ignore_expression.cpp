// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/ignore_expression.hpp"

#include "dockerfile/source.hpp"

#include <algorithm>
#include <stdexcept>

namespace cairn::dockerfile {
namespace {

// Takes a count as Go reads it, without zeros before it; false when there is none.
bool take_count(std::string_view& text) {
  const std::size_t length = std::min(text.find_first_not_of("0123456789"), text.size());
  const bool is_count = length == 1 || (length > 1 && text.front() != '0');
  text.remove_prefix(length);
  return is_count;
}

// Whether `{…}` at `position` counts repetitions: `{2}`, `{2,}`, `{2,3}`. To Go all other braces
// are themselves.
bool is_repetition(std::string_view text, std::size_t position) {
  text.remove_prefix(position + 1);
  if (!take_count(text)) return false;
  if (text.starts_with(',')) {
    text.remove_prefix(1);
    if (!text.starts_with('}') && !take_count(text)) return false;
  }
  return text.starts_with('}');
}

bool is_operator(std::string_view text, std::size_t position, PatternReading reading) {
  if (text[position] == '{') return is_repetition(text, position);
  const std::string_view signs = reading == PatternReading::older ? "^|+()" : "^|";
  return signs.find(text[position]) != std::string_view::npos;
}

// Whether the '\' before `position` makes of the character there another thing than itself.
// Throws std::invalid_argument where the engines' expression has no such escape, or one that is
// not read here.
bool is_escape(std::string_view text, std::size_t position) {
  const char byte = text[position];
  const std::string_view character = text.substr(position, character_length(text, position));
  if (static_cast<unsigned char>(byte) < 0x80 && !is_letter(byte) && !is_digit(byte)) return false;
  if (std::string_view("afnrtdDwW").find(byte) != std::string_view::npos) return true;
  throw std::invalid_argument("'\\" + std::string(character) +
                              "' is no escape; a '\\' belongs only before punctuation");
}

// Go's limit for the counts of a repetition.
bool counts_too_far(std::string_view text, std::size_t open) {
  int count = 0;
  for (std::size_t i = open + 1; text[i] != '}'; ++i) {
    count = is_digit(text[i]) ? count * 10 + (text[i] - '0') : 0;
    if (count > 1000) return true;
  }
  return false;
}

void require_go_repetitions(std::string_view text, PatternReading reading) {
  bool in_class = false;
  bool repeated = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char byte = text[i];
    const bool counted = byte == '{' && !in_class && is_repetition(text, i);
    if (in_class || byte == '\\') {
      in_class = in_class && byte != ']';
      i += byte == '\\' ? 1 : 0;
      repeated = false;
    } else if (counted || (byte == '+' && is_operator(text, i, reading))) {
      if (repeated || (counted && counts_too_far(text, i))) {
        throw std::invalid_argument("the engine refuses its '" + std::string(1, byte) +
                                    "', which repeats a repetition or too often; put '\\' before "
                                    "one that is itself");
      }
      repeated = true;
      i = counted ? text.find('}', i) : i;
    } else {
      in_class = byte == '[';
      repeated = byte == '*';
      i += text.substr(i, 3) == "**/" ? 2 : 0;
    }
  }
}

// '**' with the '/' behind it, and how much of `text` that is.
std::string regular_stars(std::string_view text, std::size_t& position) {
  if (text.substr(position, 2) != "**") return "[^/]*";
  position += text.substr(position, 3) == "**/" ? 2 : 1;
  return position + 1 == text.size() ? ".*" : "(.*/)?";
}

// moby means to escape '|' and braces too, but its table of bytes has no room for them. A brace
// that counts nothing is itself to Go, and to PCRE only when escaped.
bool is_escaped(std::string_view text, std::size_t position, PatternReading reading) {
  if (text[position] == '{') return !is_operator(text, position, reading);
  return std::string_view(reading == PatternReading::docker ? ".$+()" : ".$")
             .find(text[position]) != std::string_view::npos;
}

// How far a repetition at the start reaches, or 0. Go repeats the '^' in front of it, PCRE does
// not: no '^' is left where it may be there no time.
std::size_t leading_repetition(std::string_view text, PatternReading reading) {
  if (text.empty() || !is_operator(text, 0, reading)) return 0;
  return text[0] == '+' ? 1 : text[0] == '{' ? text.find('}') + 1 : 0;
}

}  // namespace

bool is_class_escape(char letter) {
  return std::string_view("dDwW").find(letter) != std::string_view::npos;
}

bool needs_expression(std::string_view text, PatternReading reading) {
  bool in_class = false;
  bool needed = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      needed = is_escape(text, ++i) || needed;
    } else if (in_class) {
      needed = needed || std::string_view("*?[").find(text[i]) != std::string_view::npos;
      in_class = text[i] != ']';
    } else if (text[i] == '[') {
      in_class = true;
      i += text.substr(i + 1, 1) == "^" ? 1 : 0;
    } else {
      needed = needed || is_operator(text, i, reading);
    }
  }
  return needed;
}

// The expression that the engines make, in classes too (patternmatcher.go, fileutils.go).
std::string as_regular_expression(std::string_view text, PatternReading reading) {
  require_go_repetitions(text, reading);
  const std::size_t start = leading_repetition(text, reading);
  const bool anchored = start == 0 || !text.starts_with("{0");
  std::string result = anchored ? "^" : "";
  bool in_class = false;
  for (std::size_t i = start; i < text.size(); ++i) {
    const char byte = text[i];
    if (byte == '*') {
      result += regular_stars(text, i);
    } else if (byte == '?') {
      result += "[^/]";
    } else if (is_escaped(text, i, reading)) {
      result += std::string("\\") + byte;
    } else if (byte == '\\' && i + 1 < text.size()) {
      result += std::string("\\") + text[++i];
      // To Go no range begins with `\d`, to PCRE it is a mistake.
      if (in_class && is_class_escape(text[i]) && text.substr(i + 1, 1) == "-") {
        result += "\\-";
        ++i;
      }
    } else {
      result += byte;
      in_class = byte == '[' || (in_class && byte != ']');
    }
  }
  return result + "$";
}

}  // namespace cairn::dockerfile
