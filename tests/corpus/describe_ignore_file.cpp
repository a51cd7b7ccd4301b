// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/text.hpp"
#include "corpus/describe.hpp"
#include "dockerfile/ignore.hpp"
#include "fuzz/ignore_properties.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace cairn::corpus {
namespace {

using dockerfile::IgnoreDialect;
using dockerfile::IgnoreRules;

constexpr std::string_view kRefuses = " refuses: ";

struct Column {
  const char* name;
  IgnoreDialect dialect;
};
constexpr std::array<Column, 4> kColumns = {{{"buildx", IgnoreDialect::buildx},
                                             {"docker", IgnoreDialect::docker},
                                             {"docker20", IgnoreDialect::docker20},
                                             {"buildah", IgnoreDialect::buildah}}};

// What stands in front of the columns; a path may begin with a blank or hold some.
std::string path_of(std::string line) {
  for (std::size_t i = 0; i <= kColumns.size(); ++i) {
    line = line.substr(0, line.find_last_not_of(' ') + 1);
    line = i == kColumns.size() ? line : line.substr(0, line.find_last_of(' ') + 1);
  }
  return line;
}

std::vector<std::string> listed_paths(const std::string& expected) {
  std::vector<std::string> paths;
  for (const std::string& line : split_lines(expected)) {
    if (!line.starts_with("path ") && line.find(kRefuses) == std::string::npos) {
      paths.push_back(path_of(line));
    }
  }
  return paths;
}

}  // namespace

std::string describe_ignore_file(const std::string& text, const std::string& expected) {
  std::string refusals;
  std::array<std::optional<IgnoreRules>, kColumns.size()> rules;
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    fuzz::check_ignore_file(text, kColumns[i].dialect);
    try {
      rules[i] = IgnoreRules::parse(text, kColumns[i].dialect, ".dockerignore");
    } catch (const UserError& error) {
      refusals += kColumns[i].name + std::string(kRefuses) + error.what() + "\n";
    }
  }
  const std::vector<std::string> paths = listed_paths(expected);
  std::size_t width = 4;
  for (const std::string& path : paths) {
    width = std::max(width, path.size());
  }
  std::string table;
  const auto add_row = [&](const std::string& path, const auto& cell) {
    table += fmt::format("{:<{}}", path, width);
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      table += fmt::format("  {:<8}", std::string(cell(i)));
    }
    table = table.substr(0, table.find_last_not_of(' ') + 1) + "\n";
  };
  if (!paths.empty()) {
    add_row("path", [](std::size_t i) { return kColumns[i].name; });
  }
  for (const std::string& path : paths) {
    add_row(path, [&](std::size_t i) {
      return !rules[i] ? "-" : rules[i]->excludes(path) ? "out" : "in";
    });
  }
  return refusals + table;
}

}  // namespace cairn::corpus
