// SPDX-License-Identifier: BSD-3-Clause
#include "base/text.hpp"
#include "stack/release/plan.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace cairn::stack {
namespace {

/// `3.0.0-rc.10+build` taken apart.
struct Parts {
  std::vector<std::string> numbers;  ///< 3 0 0, without leading zeros
  bool is_before = false;            ///< `rest` makes it a pre-release
  std::vector<std::string> rest;     ///< rc 10: runs of digits and of letters
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

std::string take_number(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end]))
    ++end;
  std::string number(text.substr(0, end));
  text.remove_prefix(end);
  number.erase(0, std::min(number.find_first_not_of('0'), number.size() - 1));
  return number;
}

std::vector<std::string> runs_of(std::string_view text) {
  std::vector<std::string> runs;
  while (!text.empty()) {
    if (is_digit(text.front())) {
      runs.push_back(take_number(text));
    } else if (is_letter(text.front())) {
      const auto* end = std::find_if_not(text.begin(), text.end(), is_letter);
      const auto length = static_cast<std::size_t>(end - text.begin());
      runs.emplace_back(text.substr(0, length));
      text.remove_prefix(length);
    } else {
      text.remove_prefix(1);
    }
  }
  return runs;
}

/// Whether what stands behind the numbers says "not yet": a hyphen (semver), or a word that people
/// write without one. `1.1.1a` is a patch of openssl, `3.13.0a1` an alpha of Python.
bool says_not_yet(std::string_view rest, const std::vector<std::string>& runs) {
  static constexpr std::array<std::string_view, 9> kWords{
      "alpha", "beta", "rc", "dev", "pre", "preview", "snapshot", "nightly", "canary"};
  static constexpr std::array<std::string_view, 4> kLater{"post", "p", "r", "patch"};
  if (runs.empty()) return false;
  const std::string& word = runs.front();
  if (std::find(kWords.begin(), kWords.end(), word) != kWords.end()) return true;
  if (std::find(kLater.begin(), kLater.end(), word) != kLater.end()) return false;
  const bool is_short = word == "a" || word == "b" || word == "c";
  return rest.front() == '-' || (is_short && runs.size() > 1 && is_digit(runs[1].front()));
}

Parts parts_of(const std::string& version) {
  const std::string lower = to_lower(version);
  std::string_view text = lower;
  if (text.size() > 1 && text.front() == 'v' && is_digit(text[1])) text.remove_prefix(1);
  text = text.substr(0, text.find('+'));  // build metadata counts for nothing
  Parts parts;
  while (!text.empty() && is_digit(text.front())) {
    parts.numbers.push_back(take_number(text));
    if (text.size() > 1 && text.front() == '.' && is_digit(text[1])) text.remove_prefix(1);
  }
  // 3.11 and 3.11.0 are one version.
  while (!parts.numbers.empty() && parts.numbers.back() == "0")
    parts.numbers.pop_back();
  parts.rest = runs_of(text);
  parts.is_before = says_not_yet(text, parts.rest);
  return parts;
}

int sign(bool less, bool greater) {
  return less ? -1 : greater ? 1 : 0;
}

/// Numbers by value, however long; a number is below a word.
int compare_runs(const std::string& left, const std::string& right) {
  const bool left_is_number = is_digit(left.front());
  const bool right_is_number = is_digit(right.front());
  if (left_is_number != right_is_number) return left_is_number ? -1 : 1;
  if (left_is_number && left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
  return sign(left<right, left> right);
}

/// The longer of two that begin alike is above.
int compare_lists(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
    const int order = compare_runs(left[i], right[i]);
    if (order != 0) return order;
  }
  return sign(left.size() < right.size(), left.size() > right.size());
}

}  // namespace

int compare_versions(const std::string& left, const std::string& right) {
  const Parts a = parts_of(left);
  const Parts b = parts_of(right);
  const int numbers = compare_lists(a.numbers, b.numbers);
  if (numbers != 0) return numbers;
  // A pre-release, then its release, then what came after it.
  const auto rank = [](const Parts& parts) {
    return parts.is_before ? 0 : parts.rest.empty() ? 1 : 2;
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b) ? -1 : 1;
  return compare_lists(a.rest, b.rest);
}

}  // namespace cairn::stack
