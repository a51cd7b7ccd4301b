// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/time.hpp"
#include "oci/reference.hpp"
#include "stack/inspect/probe.hpp"
#include "stack/release/wanted_tags.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

namespace cairn::stack {
namespace {

constexpr std::size_t kCommitDigits = 40;

/// A placeholder, what it is filled with, and how to get at it where it is empty.
struct Placeholder {
  std::string_view name;
  std::function<std::string(const ReleaseFacts&)> value;
  std::string_view needs, hint;
};

constexpr std::string_view kNeedsCommit = "a commit, and the source tree has none";
constexpr std::string_view kNeedsVersion = "a version, and the project has none";
constexpr std::string_view kSayCommit = "publish from a git work tree, or take the tag out";
constexpr std::string_view kSayVersion = "write project(<name> VERSION 1.2.3)";

const std::array<Placeholder, 7>& placeholders() {
  static const std::array<Placeholder, 7> all{{
      {"commit", [](const auto& facts) { return facts.commit; }, kNeedsCommit, kSayCommit},
      {"date", [](const auto& facts) { return format_utc(facts.time).substr(0, 10); }, "", ""},
      {"time",
       [](const auto& facts) {
         const std::string now = format_utc(facts.time);
         return now.substr(11, 2) + now.substr(14, 2) + now.substr(17, 2);
       },
       "", ""},
      {"version", [](const auto& facts) { return facts.version; }, kNeedsVersion, kSayVersion},
      {"major", [](const auto& facts) { return Version::parse(facts.version).major; },
       "a major number, and the project's version has none", kSayVersion},
      {"minor", [](const auto& facts) { return Version::parse(facts.version).minor; },
       "a minor number, and the project's version has none", kSayVersion},
      {"patch", [](const auto& facts) { return Version::parse(facts.version).patch; },
       "a patch number, and the project's version has none", kSayVersion},
  }};
  return all;
}

/// How many digits `{commit:12}` asks for; 0 where that is no number of them.
std::size_t digits_of(const std::string& text) {
  if (text.empty() || text.size() > 2 ||
      text.find_first_not_of("0123456789") != std::string::npos) {
    return 0;
  }
  const std::size_t count = std::stoul(text);
  return count <= kCommitDigits ? count : 0;
}

std::string value_of(const std::string& tag, const std::string& name, const ReleaseFacts& facts) {
  const std::size_t colon = name.find(':');
  for (const Placeholder& known : placeholders()) {
    if (name.substr(0, colon) != known.name) continue;
    const bool is_cut = colon != std::string::npos;
    const std::size_t digits = is_cut ? digits_of(name.substr(colon + 1)) : kCommitDigits;
    if (digits == 0 || (is_cut && known.name != "commit")) break;
    const std::string value = known.value(facts);
    if (!value.empty()) return is_cut ? value.substr(0, digits) : value;
    throw UserError(fmt::format("release tag '{}' needs {}", tag, known.needs),
                    std::string(known.hint));
  }
  throw UserError(fmt::format("release tag '{}' has an unknown placeholder '{{{}}}'", tag, name),
                  "the placeholders are {commit} {commit:<digits>} {date} {time} {version} {major} "
                  "{minor} {patch}");
}

}  // namespace

std::string fill_release_tag(const std::string& tag, const ReleaseFacts& facts) {
  std::string text;
  std::size_t at = 0;
  for (;;) {
    const std::size_t open = tag.find('{', at);
    const std::size_t close = open == std::string::npos ? open : tag.find('}', open);
    if (close == std::string::npos) break;
    text += tag.substr(at, open - at);
    text += value_of(tag, tag.substr(open + 1, close - open - 1), facts);
    at = close + 1;
  }
  text += tag.substr(at);
  if (!oci::is_valid_tag(text)) {
    throw UserError(fmt::format("release tag '{}' gives the invalid tag '{}'", tag, text),
                    "a tag has letters, digits, '_', '.' and '-', at most 128");
  }
  return text;
}

}  // namespace cairn::stack
