// SPDX-License-Identifier: BSD-3-Clause
#include "fuzz/ignore_reference.hpp"

#include "base/text.hpp"
#include "dockerfile/source.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace cairn::fuzz {
namespace {

using dockerfile::IgnoreDialect;

// Go's filepath.Clean, rule after rule until none applies any more.
std::string cleaned(std::string path) {
  const bool rooted = path.starts_with('/');
  std::vector<std::string> parts = split(path, '/');
  std::erase_if(parts, [](const std::string& part) { return part.empty() || part == "."; });
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < parts.size() && !changed; ++i) {
      const auto here = parts.begin() + static_cast<std::ptrdiff_t>(i);
      if (parts[i] == ".." && i == 0 && rooted) {
        parts.erase(here);
        changed = true;
      } else if (parts[i] == ".." && i > 0 && parts[i - 1] != "..") {
        parts.erase(here - 1, here + 1);
        changed = true;
      }
    }
  }
  path = (rooted ? "/" : "") + join(parts, "/");
  return path.empty() ? "." : path;
}

std::string without_spaces(std::string text) {
  for (std::size_t space = 0; (space = dockerfile::space_length(text, 0)) != 0;)
    text.erase(0, space);
  for (std::size_t i = 0; i < text.size(); ++i) {
    // Only spaces from here to the end?
    std::size_t end = i;
    while (const std::size_t space = dockerfile::space_length(text, end))
      end += space;
    if (end != i && end == text.size()) text.erase(i);
  }
  return text;
}

// docker trims a line, parts it from its '!', trims and cleans the rest, and takes one '/' off its
// start.
std::string docker_line(const std::string& line) {
  std::string pattern = without_spaces(line);
  const std::string mark = pattern.starts_with('!') ? "!" : "";
  pattern = without_spaces(pattern.substr(mark.size()));
  pattern = pattern.empty() ? pattern : cleaned(pattern);
  return mark + (pattern.size() > 1 && pattern.starts_with('/') ? pattern.substr(1) : pattern);
}

// buildah takes all '/' off both ends first.
std::string buildah_line(const std::string& line) {
  const std::size_t first = line.find_first_not_of('/');
  return first == std::string::npos ? ""
                                    : line.substr(first, line.find_last_not_of('/') - first + 1);
}

// U+FFFD for each byte that belongs to no character.
std::string in_characters(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = dockerfile::character_length(text, i);
    const bool stray = length == 1 && (text[i] & 0x80) != 0;
    result += stray ? "\xEF\xBF\xBD" : text.substr(i, length);
    i += length;
  }
  return result;
}

bool is_newer(IgnoreDialect dialect) {
  return dialect == IgnoreDialect::docker || dialect == IgnoreDialect::buildx;
}

// Without wildcards, or with one '**' at an end.
bool is_plain(const std::string& pattern) {
  const std::size_t first = pattern.starts_with("**") ? 2 : 0;
  const std::size_t last = pattern.size() - (first == 0 && pattern.ends_with("**") ? 2 : 0);
  return pattern.substr(first, last - first).find_first_of("*?\\[]") == std::string::npos;
}

// docker compares such a pattern byte by byte with the path, its end or its start.
bool fits_plain(const std::string& pattern, const std::string& path) {
  if (pattern.starts_with("**")) {
    const std::string end = pattern.substr(2);
    return path.ends_with(end) || "/" + path == end;
  }
  return pattern.ends_with("**") ? path.starts_with(pattern.substr(0, pattern.size() - 2))
                                 : path == pattern;
}

std::string_view first_character(std::string_view text) {
  return text.substr(0, dockerfile::character_length(text, 0));
}

// UTF-8 keeps the order of code points, so characters are compared as their bytes.
bool in_range(std::string_view low, std::string_view high, std::string_view character) {
  return low <= character && character <= high;
}

std::string_view take_class_character(std::string_view& pattern) {
  if (pattern.starts_with('\\')) {
    pattern.remove_prefix(1);
  }
  const std::string_view character = first_character(pattern);
  pattern.remove_prefix(character.size());
  return character;
}

// Takes `[…]` off `pattern`; whether `character` is in it.
bool take_class(std::string_view& pattern, std::string_view character) {
  pattern.remove_prefix(1);
  const bool negated = pattern.starts_with('^');
  pattern.remove_prefix(negated ? 1 : 0);
  bool inside = false;
  do {
    const std::string_view low = take_class_character(pattern);
    std::string_view high = low;
    if (pattern.starts_with('-')) {
      pattern.remove_prefix(1);
      high = take_class_character(pattern);
    }
    inside = inside || in_range(low, high, character);
  } while (!pattern.starts_with(']'));
  pattern.remove_prefix(1);
  return inside != negated;
}

bool fits(std::string_view pattern, std::string_view path);

// `**/` is no folder or any number of them; at the end `**` is all the rest.
bool fits_folders(std::string_view pattern, std::string_view path) {
  pattern.remove_prefix(2);
  pattern.remove_prefix(pattern.starts_with('/') ? 1 : 0);
  if (pattern.empty()) {
    return path.find('\n') == std::string_view::npos;
  }
  if (fits(pattern, path)) {
    return true;
  }
  for (std::size_t i = 0; i < path.size() && path[i] != '\n'; ++i) {
    if (path[i] == '/' && fits(pattern, path.substr(i + 1))) {
      return true;
    }
  }
  return false;
}

bool fits_star(std::string_view pattern, std::string_view path) {
  while (!fits(pattern.substr(1), path)) {
    if (path.empty() || path.front() == '/') return false;
    path.remove_prefix(first_character(path).size());
  }
  return true;
}

bool fits(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) {
    return path.empty();
  }
  if (pattern.starts_with("**")) {
    return fits_folders(pattern, path);
  }
  if (pattern.starts_with('*')) {
    return fits_star(pattern, path);
  }
  if (path.empty()) {
    return false;
  }
  const std::string_view character = first_character(path);
  const std::string_view rest = path.substr(character.size());
  if (pattern.starts_with('[')) {
    return take_class(pattern, character) && fits(pattern, rest);
  }
  if (pattern.starts_with('?')) {
    return character != "/" && fits(pattern.substr(1), rest);
  }
  pattern.remove_prefix(pattern.starts_with('\\') ? 1 : 0);
  const std::string_view wanted = first_character(pattern);
  return wanted == character && fits(pattern.substr(wanted.size()), rest);
}

// The first `count` parts of `path`; nothing when it has no more than them.
std::optional<std::string> parent(const std::string& path, std::size_t count) {
  std::vector<std::string> parts = split(path, '/');
  if (parts.size() <= count) {
    return std::nullopt;
  }
  parts.resize(count);
  return join(parts, "/");
}

std::string without(const std::string& text, const std::string& end) {
  return text.ends_with(end) ? text.substr(0, text.size() - end.size()) : text;
}

}  // namespace

ReferenceRules::ReferenceRules(std::string_view text, IgnoreDialect dialect) : dialect_(dialect) {
  const bool docker = dialect != IgnoreDialect::buildah;
  if (docker && text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  for (const std::string& line : split(text, '\n')) {
    const std::string pattern = without_spaces(docker ? docker_line(line) : buildah_line(line));
    if (line.starts_with('#') || pattern.empty()) {
      continue;
    }
    const std::string whole = cleaned(pattern);
    const bool brings_back = whole.starts_with('!');
    lines_.push_back({brings_back, whole.substr(brings_back ? 1 : 0)});
  }
}

bool ReferenceRules::fits_line(const std::string& pattern, const std::string& path) const {
  if (is_newer(dialect_) && is_plain(pattern)) return fits_plain(pattern, path);
  // Where an expression is made of it, a byte order mark at its start is lost.
  const std::string rest = pattern.starts_with("\xEF\xBB\xBF") ? pattern.substr(3) : pattern;
  return fits(in_characters(rest), in_characters(path));
}

// Before docker 23: the last line that matches a path, or its parent with as many parts as the
// line has, wins.
bool ReferenceRules::matched_by_one_parent(const std::string& path) const {
  for (auto line = lines_.rbegin(); line != lines_.rend(); ++line) {
    const auto parts = split(line->pattern, '/').size();
    const auto above = parent(path, parts);
    if (fits_line(line->pattern, path) || (above && fits_line(line->pattern, *above))) {
      return !line->brings_back;
    }
  }
  return false;
}

// Since docker 23: the last line that holds wins; one holds that did so on the folder, or that
// matches the path and was not idle, saying what the lines before it say too.
std::set<std::size_t> ReferenceRules::lines_that_hold(const std::string& path) const {
  const std::size_t depth = split(path, '/').size();
  std::set<std::size_t> on_folder;
  if (depth > 1) on_folder = lines_that_hold(*parent(path, depth - 1));
  std::set<std::size_t> held;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const bool out = !held.empty() && !lines_[*held.rbegin()].brings_back;
    const bool idle = lines_[i].brings_back != out;
    if (on_folder.contains(i) || (!idle && fits_line(lines_[i].pattern, path))) held.insert(i);
  }
  return held;
}

// buildah: the last line that matches a path or a parent, from which one line of text leads to it.
bool ReferenceRules::matched_by_any_parent(const std::string& path) const {
  bool out = false;
  for (const Line& line : lines_) {
    bool holds = fits_line(line.pattern, path);
    for (std::size_t parts = 1; const auto above = parent(path, parts); ++parts) {
      const std::string rest = path.substr(above->size());
      holds = holds || (fits_line(line.pattern, *above) && rest.find('\n') == std::string::npos);
    }
    if (holds) out = !line.brings_back;
  }
  return out;
}

bool ReferenceRules::matched(const std::string& path) const {
  if (dialect_ == IgnoreDialect::docker20) return matched_by_one_parent(path);
  if (dialect_ == IgnoreDialect::buildah) return matched_by_any_parent(path);
  const auto held = lines_that_hold(path);
  return !held.empty() && !lines_[*held.rbegin()].brings_back;
}

// An excluded folder is entered where the text of a '!' line begins with its path; by buildx, which
// takes `/*` and `/**` off the line's end first, everywhere if there is a wildcard left.
bool ReferenceRules::is_entered(const std::string& folder) const {
  return std::any_of(lines_.begin(), lines_.end(), [&](const Line& line) {
    const bool buildx = dialect_ == IgnoreDialect::buildx;
    const std::string text = buildx ? without(without(line.pattern, "/**"), "/*") : line.pattern;
    const bool everywhere = buildx && text.find_first_of("*[]?^\\") != std::string::npos;
    return line.brings_back && (everywhere || (text + "/").starts_with(folder + "/"));
  });
}

bool ReferenceRules::excludes(const std::string& path) const {
  const std::size_t depth = split(path, '/').size();
  for (std::size_t count = 1; count < depth; ++count) {
    const std::string folder = *parent(path, count);
    if (matched(folder) && !is_entered(folder)) return true;
  }
  return matched(path);
}

}  // namespace cairn::fuzz
