// SPDX-License-Identifier: BSD-3-Clause
//
// Where engines differ, this is docker 20.10, whose answers leave out less than later ones:
// - an excluded folder is not entered unless a '!' pattern begins literally with its path, so
//   `**` with `!**/*.go` keeps nothing (engines from 23.0 on enter it and keep the .go files);
// - only one parent of a path is tried against a pattern, the one with as many parts as the
//   pattern has (later engines try all);
// - `**x` is a part `x` at any depth (later engines: every path that ends in `x`).
// buildah reads the lines by other rules: no byte order mark, '/' trimmed on both sides before '!'
// is looked at, no blanks trimmed behind '!'.
#include "dockerfile/ignore.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "dockerfile/ignore_pattern.hpp"

#include <algorithm>
#include <stdexcept>

namespace cairn::dockerfile {

struct IgnoreRules::Pattern {
  IgnorePattern matcher;
  bool brings_back = false;
  std::size_t parts = 0;
};

namespace {

// Go's filepath.Clean for a relative or absolute slash path.
std::string clean_path(std::string_view path) {
  const bool rooted = path.starts_with('/');
  std::vector<std::string> parts;
  for (const std::string& part : split(path, '/')) {
    if (part.empty() || part == ".") {
      continue;
    }
    if (part != "..") {
      parts.push_back(part);
    } else if (!parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (!rooted) {
      parts.push_back(part);
    }
  }
  const std::string joined = join(parts, "/");
  return rooted ? "/" + joined : joined.empty() ? "." : joined;
}

// moby's ignorefile: '!' parted from the rest, both trimmed and cleaned.
std::string read_docker_line(const std::string& line) {
  std::string pattern = trim(line);
  const bool brings_back = pattern.starts_with('!');
  if (brings_back) {
    pattern = trim(std::string_view(pattern).substr(1));
  }
  if (!pattern.empty()) {
    pattern = clean_path(pattern);
    if (pattern.size() > 1 && pattern.front() == '/') {
      pattern.erase(0, 1);
    }
  }
  return (brings_back ? "!" : "") + pattern;
}

std::string read_buildah_line(std::string_view line) {
  while (line.starts_with('/')) {
    line.remove_prefix(1);
  }
  while (line.ends_with('/')) {
    line.remove_suffix(1);
  }
  return std::string(line);
}

// A path's first `parts` parts, or nothing when it has no more than them.
std::string_view parent_of(std::string_view path, std::size_t parts) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < parts; ++i) {
    end = path.find('/', i == 0 ? 0 : end + 1);
    if (end == std::string_view::npos) {
      return {};
    }
  }
  return path.substr(0, end);
}

}  // namespace

IgnoreRules::IgnoreRules() = default;
IgnoreRules::~IgnoreRules() = default;
IgnoreRules::IgnoreRules(IgnoreRules&&) noexcept = default;
IgnoreRules& IgnoreRules::operator=(IgnoreRules&&) noexcept = default;

IgnoreRules IgnoreRules::parse(std::string_view text, IgnoreDialect dialect,
                               const std::string& path) {
  const bool docker = dialect != IgnoreDialect::buildah;
  const PatternReading reading =
      dialect == IgnoreDialect::docker ? PatternReading::docker : PatternReading::older;
  if (docker && text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  IgnoreRules rules;
  int number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    if (line.starts_with('#')) {
      continue;
    }
    std::string pattern = trim(docker ? read_docker_line(line) : read_buildah_line(line));
    if (pattern.empty()) {
      continue;
    }
    pattern = clean_path(pattern);
    const bool brings_back = pattern.front() == '!';
    if (brings_back) {
      pattern.erase(0, 1);
    }
    const std::string place = path + ":" + std::to_string(number) + ": ";
    if (pattern.empty()) {
      throw UserError(place + "'!' needs a pattern behind it");
    }
    const auto slashes = std::count(pattern.begin(), pattern.end(), '/');
    try {
      rules.patterns_.push_back(
          {IgnorePattern(pattern, reading), brings_back, static_cast<std::size_t>(slashes) + 1});
    } catch (const std::invalid_argument& error) {
      throw UserError(place + "bad pattern '" + pattern + "': " + error.what());
    }
  }
  return rules;
}

bool IgnoreRules::empty() const {
  return patterns_.empty();
}

bool IgnoreRules::matched(std::string_view path) const {
  bool out = false;
  for (const Pattern& pattern : patterns_) {
    if (pattern.brings_back != out) {
      continue;  // it could change nothing
    }
    const std::string_view parent = parent_of(path, pattern.parts);
    if (pattern.matcher.matches(path) || (!parent.empty() && pattern.matcher.matches(parent))) {
      out = !pattern.brings_back;
    }
  }
  return out;
}

bool IgnoreRules::excludes(std::string_view path) const {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    const std::string_view folder = path.substr(0, slash);
    if (matched(folder) && prunes(folder)) {
      return true;
    }
  }
  return matched(path);
}

bool IgnoreRules::prunes(std::string_view directory) const {
  const std::string prefix = std::string(directory) + "/";
  return std::none_of(patterns_.begin(), patterns_.end(), [&prefix](const Pattern& pattern) {
    return pattern.brings_back && (pattern.matcher.text() + "/").starts_with(prefix);
  });
}

}  // namespace cairn::dockerfile
