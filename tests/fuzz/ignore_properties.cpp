// SPDX-License-Identifier: BSD-3-Clause
#include "fuzz/ignore_properties.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "fuzz/ignore_reference.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>

namespace cairn::fuzz {
namespace {

using dockerfile::IgnoreDialect;
using dockerfile::IgnoreRules;

// The reference takes time exponential in the stars of a line.
constexpr std::size_t kMostStars = 6;
constexpr std::size_t kLongestPath = 40;

constexpr std::array<std::string_view, 8> kPaths = {
    "a", "a/b", "a/b/c", ".git/config", "dir/x.go", "dir/sub/x.go", "README.md", "b/a/README.md"};

// A path as contexts have them: parts that are not empty, no '.' or '..' among them.
bool is_path(const std::string& path) {
  const std::vector<std::string> parts = split(path, '/');
  return path.size() <= kLongestPath && path.find('\0') == std::string::npos &&
         std::none_of(parts.begin(), parts.end(), [](const std::string& part) {
           return part.empty() || part == "." || part == "..";
         });
}

// What a line may well match: its wildcards filled in.
std::string filled(const std::string& line) {
  std::string path;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line.compare(i, 2, "**") == 0) {
      path += "p/q";
      ++i;
    } else if (line[i] == '*' || line[i] == '?') {
      path += 'y';
    } else if (line[i] != '!' && line[i] != '\\') {
      path += line[i];
    }
  }
  return path;
}

std::set<std::string> paths_to_try(const std::string& text) {
  std::set<std::string> paths(kPaths.begin(), kPaths.end());
  for (const std::string& line : split(text, '\n')) {
    const std::string path = line.starts_with('#') ? line.substr(1) : filled(trim(line));
    for (const std::string& tried : {path, path + "/z", "x/" + path}) {
      if (is_path(tried)) {
        paths.insert(tried);
      }
    }
  }
  return paths;
}

bool is_cheap(const std::string& text) {
  const std::vector<std::string> lines = split(text, '\n');
  return std::all_of(lines.begin(), lines.end(), [](const std::string& line) {
    return static_cast<std::size_t>(std::count(line.begin(), line.end(), '*')) <= kMostStars;
  });
}

// Whether an engine's regular expression shows through, which the reference knows nothing of.
bool is_regular(const std::string& text, IgnoreDialect dialect) {
  const bool older = dialect == IgnoreDialect::docker20 || dialect == IgnoreDialect::buildah;
  if (text.find_first_of(older ? "+()|^{" : "|^{") != std::string::npos) return true;
  bool in_class = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      if (std::isalnum(static_cast<unsigned char>(text.c_str()[++i])) != 0) return true;
    } else if (in_class && std::string_view("*?[").find(text[i]) != std::string_view::npos) {
      return true;
    } else {
      in_class = text[i] == '[' || (in_class && text[i] != ']' && text[i] != '\n');
    }
  }
  return false;
}

void check_pruning(const IgnoreRules& rules, const std::string& path) {
  for (std::size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    require(!rules.excludes(folder) || !rules.prunes(folder) || rules.excludes(path),
            "the pruned folder '" + folder + "' hides nothing that is kept: '" + path + "'");
  }
}

void check_message(const std::string& text, const std::string& message) {
  require(message.starts_with("rules:"), "a message begins with the path");
  const int line = std::atoi(message.c_str() + 6);
  require(line >= 1 && line <= std::count(text.begin(), text.end(), '\n') + 1,
          "a message names a line of the file");
}

}  // namespace

void check_ignore_file(const std::string& text, IgnoreDialect dialect) {
  IgnoreRules rules;
  try {
    rules = IgnoreRules::parse(text, dialect, "rules");
  } catch (const UserError& error) {
    check_message(text, error.what());
    return;
  }
  const IgnoreRules commented = IgnoreRules::parse(text + "\n# c\n\n  \n", dialect, "rules");
  const ReferenceRules reference(text, dialect);
  const bool compare = is_cheap(text) && !is_regular(text, dialect);
  for (const std::string& path : paths_to_try(text)) {
    const bool out = rules.excludes(path);
    require(commented.excludes(path) == out, "comments and blank lines change nothing: " + path);
    require(!compare || reference.excludes(path) == out, "the reference says the same: " + path);
    check_pruning(rules, path);
  }
}

}  // namespace cairn::fuzz
