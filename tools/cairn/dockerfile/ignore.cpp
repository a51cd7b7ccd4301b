// SPDX-License-Identifier: BSD-3-Clause
//
// Three readings of what a list of patterns says of a path:
// - docker before 23.0 tries a pattern on the path and on one parent of it, the one with as many
//   parts as the pattern has;
// - docker since then: a pattern that matched a folder matches all below it, but a pattern is tried
//   on a folder only when it could change the folder's own fate;
// - podman and buildah: a pattern that matches a folder matches all below it.
// Two rules for which excluded folders are entered: those that a '!' pattern begins literally with
// (so `**` with `!**/*.go` keeps nothing in folders); or, with buildx, all as soon as a '!' pattern
// has a wildcard that is not at its end.
// buildah reads the lines by other rules: '/' trimmed on both sides before '!' is looked at, no
// blanks trimmed behind '!'.
#include "dockerfile/ignore.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "dockerfile/ignore_pattern.hpp"
#include "dockerfile/source.hpp"

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
  std::string pattern(trim_spaces(line));
  const bool brings_back = pattern.starts_with('!');
  if (brings_back) {
    pattern = trim_spaces(std::string_view(pattern).substr(1));
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

bool is_older(IgnoreDialect dialect) {
  return dialect == IgnoreDialect::docker20 || dialect == IgnoreDialect::buildah;
}

std::string_view without_trailing_glob(std::string_view pattern) {
  if (pattern.ends_with("/**")) pattern.remove_suffix(3);
  if (pattern.ends_with("/*")) pattern.remove_suffix(2);
  return pattern;
}

}  // namespace

IgnoreRules::IgnoreRules() = default;
IgnoreRules::~IgnoreRules() = default;
IgnoreRules::IgnoreRules(IgnoreRules&&) noexcept = default;
IgnoreRules& IgnoreRules::operator=(IgnoreRules&&) noexcept = default;

IgnoreRules IgnoreRules::parse(std::string_view text, IgnoreDialect dialect,
                               const std::string& path) {
  const bool docker = dialect != IgnoreDialect::buildah;
  const PatternReading reading = is_older(dialect) ? PatternReading::older : PatternReading::docker;
  if (docker && text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  IgnoreRules rules;
  rules.dialect_ = dialect;
  rules.file_ = path;
  int number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    if (line.starts_with('#')) {
      continue;
    }
    const std::string read = docker ? read_docker_line(line) : read_buildah_line(line);
    std::string pattern(trim_spaces(read));
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

std::string ignore_line(std::string_view path) {
  std::string line;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool first = i == 0 && (path[i] == '#' || path[i] == '!');
    if (first || std::string_view("*?[\\").find(path[i]) != std::string_view::npos) line += '\\';
    line += path[i];
  }
  return line;
}

bool IgnoreRules::empty() const {
  return patterns_.empty();
}

bool IgnoreRules::matched_by_one_parent(std::string_view path) const {
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

bool IgnoreRules::matched_by_any_parent(std::string_view path) const {
  const auto holds = [path](const Pattern& pattern) {
    if (pattern.matcher.matches(path)) return true;
    for (std::size_t slash = path.rfind('/'); slash != std::string_view::npos && slash > 0;
         slash = path.rfind('/', slash - 1)) {
      // The engine lets its expression go on by '.*', which crosses no line.
      if (path.find('\n', slash) != std::string_view::npos) return false;
      if (pattern.matcher.matches(path.substr(0, slash))) return true;
    }
    return false;
  };
  const auto last = std::find_if(patterns_.rbegin(), patterns_.rend(), holds);
  return last != patterns_.rend() && !last->brings_back;
}

// `above` flags the patterns that matched the folder of `path`, and is made to flag those that
// match `path`.
bool IgnoreRules::matched_below(std::string_view path, std::vector<char>& above) const {
  bool out = false;
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    if (above[i] == 0) {
      if (patterns_[i].brings_back != out) continue;
      above[i] = static_cast<char>(patterns_[i].matcher.matches(path));
    }
    if (above[i] != 0) out = !patterns_[i].brings_back;
  }
  return out;
}

bool IgnoreRules::excludes(std::string_view path) const {
  std::vector<char> above(patterns_.size(), 0);
  const auto is_out = [&](std::string_view part) {
    if (dialect_ == IgnoreDialect::buildah) return matched_by_any_parent(part);
    if (dialect_ == IgnoreDialect::docker20) return matched_by_one_parent(part);
    return matched_below(part, above);
  };
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    const std::string_view folder = path.substr(0, slash);
    if (is_out(folder) && prunes(folder)) {
      return true;
    }
  }
  return is_out(path);
}

bool IgnoreRules::prunes(std::string_view directory) const {
  return !entered_for(directory);
}

std::optional<std::string> IgnoreRules::entered_for(std::string_view directory) const {
  const std::string prefix = std::string(directory) + "/";
  for (const Pattern& pattern : patterns_) {
    if (!pattern.brings_back) continue;
    std::string_view text = pattern.matcher.text();
    bool everywhere = false;
    if (dialect_ == IgnoreDialect::buildx) {
      text = without_trailing_glob(text);
      everywhere = text.find_first_of("*[]?^\\") != std::string_view::npos;
    }
    if (everywhere || (std::string(text) + "/").starts_with(prefix)) {
      return "!" + pattern.matcher.text();
    }
  }
  return std::nullopt;
}

}  // namespace cairn::dockerfile
