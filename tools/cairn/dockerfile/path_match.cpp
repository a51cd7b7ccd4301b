// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/path_match.hpp"

#include "dockerfile/ignore_pattern.hpp"

#include <stdexcept>

namespace cairn::dockerfile {
namespace {

// Ignore patterns differ from these in '**' alone; within a class a star more says nothing.
std::string with_single_stars(std::string_view pattern) {
  std::string result;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*' && i > 0 && pattern[i - 1] == '*' && result.ends_with('*')) continue;
    result += pattern[i];
    if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      result += pattern[++i];
      if (pattern[i] == '*' && i + 1 < pattern.size() && pattern[i + 1] == '*') {
        result += pattern[++i];  // an escaped star and one that is none
      }
    }
  }
  return result;
}

}  // namespace

bool has_wildcards(std::string_view path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '\\') {
      ++i;
    } else if (path[i] == '*' || path[i] == '?' || path[i] == '[') {
      return true;
    }
  }
  return false;
}

bool path_matches(std::string_view pattern, std::string_view name) {
  try {
    return IgnorePattern(with_single_stars(pattern), PatternReading::glob).matches(name);
  } catch (const std::invalid_argument&) {
    return false;
  }
}

}  // namespace cairn::dockerfile
