// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/shell_pattern.hpp"

#include "dockerfile/expand.hpp"
#include "dockerfile/source.hpp"

#include <optional>

namespace cairn::dockerfile {
namespace {

std::optional<std::size_t> last_end(const std::vector<bool>& ends) {
  for (std::size_t i = ends.size(); i > 0; --i) {
    if (ends[i - 1]) {
      return i - 1;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> first_end(const std::vector<bool>& ends) {
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (ends[i]) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace

ShellPattern::ShellPattern(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char byte = pattern[i];
    if (byte == '*') {
      tokens_.push_back({Token::Kind::star, byte});
    } else if (byte == '?') {
      tokens_.push_back({Token::Kind::any, byte});
    } else if (byte != '\\') {
      tokens_.push_back({Token::Kind::literal, byte});
    } else {
      const char next = i + 1 < pattern.size() ? pattern[++i] : '\0';
      // '}' and '/' are escaped for the sake of ${…}; '*', '?' and '\' for the pattern's own.
      if (std::string_view("*?\\}/").find(next) == std::string_view::npos || next == '\0') {
        throw ExpandError("invalid escape in the pattern '" + std::string(pattern) + "'");
      }
      tokens_.push_back({Token::Kind::literal, next});
    }
  }
}

std::vector<bool> ShellPattern::ends(std::string_view value, std::size_t start) const {
  std::vector<bool> reached(value.size() + 1, false);
  reached[start] = true;
  for (const Token& token : tokens_) {
    std::vector<bool> next(value.size() + 1, false);
    for (std::size_t i = start; i <= value.size(); ++i) {
      const bool more = i < value.size();
      if (token.kind == Token::Kind::star) {
        next[i] = reached[i] || (i > start && next[i - 1]);
      } else if (reached[i] && more && token.kind == Token::Kind::any) {
        next[i + character_length(value, i)] = true;
      } else if (reached[i] && more && value[i] == token.byte) {
        next[i + 1] = true;
      }
    }
    reached.swap(next);
  }
  return reached;
}

std::string ShellPattern::without_prefix(const std::string& value, bool longest) const {
  const std::vector<bool> found = ends(value, 0);
  const auto end = longest ? last_end(found) : first_end(found);
  return end ? value.substr(*end) : value;
}

std::string ShellPattern::without_suffix(const std::string& value, bool longest) const {
  for (std::size_t i = 0; i <= value.size(); ++i) {
    const std::size_t start = longest ? i : value.size() - i;
    if (ends(value, start).back()) {
      return value.substr(0, start);
    }
  }
  return value;
}

std::string ShellPattern::replaced(const std::string& value, const std::string& word,
                                   bool all) const {
  std::string result;
  std::size_t position = 0;
  bool done = false;
  while (position <= value.size() && !done) {
    const auto end = last_end(ends(value, position));
    if (end) {
      result += word;
      done = !all;
    }
    if (end && *end > position) {
      position = *end;
      continue;
    }
    if (done) {
      break;
    }
    if (position < value.size()) {
      result += value[position];
    }
    ++position;
  }
  return position < value.size() ? result + value.substr(position) : result;
}

}  // namespace cairn::dockerfile
