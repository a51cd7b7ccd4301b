// SPDX-License-Identifier: BSD-3-Clause
#include "stack/inspect/probe.hpp"

#include "base/error.hpp"
#include "base/pattern.hpp"
#include "base/text.hpp"
#include "oci/reference.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <utility>

namespace cairn::stack {
namespace {

constexpr std::size_t kShownLines = 10;

std::string shown(const CommandOutput& output) {
  std::string text = output.out;
  if (!text.empty() && text.back() != '\n' && !output.err.empty()) text += '\n';
  return last_lines(text + output.err, kShownLines);
}

/// The word without the punctuation that a sentence puts behind it.
std::string bare_word(std::string word) {
  while (!word.empty() &&
         std::string_view(",;:.)]}'\"").find(word.back()) != std::string_view::npos) {
    word.pop_back();
  }
  return word;
}

std::optional<std::string> first_version_word(const std::string& text) {
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (starts_with_digit(word)) return bare_word(word);
  }
  return std::nullopt;
}

std::optional<std::string> first_match(const Pattern& pattern, const std::string& text) {
  for (const std::string& line : split_lines(text)) {
    if (auto found = pattern.first_group(line)) return found;
  }
  return std::nullopt;
}

std::string find_version(const Probe& probe, const CommandOutput& output) {
  std::optional<std::string> found;
  if (probe.match.empty()) {
    found = first_version_word(output.out);
    if (!found) found = first_version_word(output.err);
  } else {
    const Pattern pattern(probe.match);
    found = first_match(pattern, output.out);
    if (!found) found = first_match(pattern, output.err);
  }
  if (found && !trim(*found).empty()) return trim(*found);
  const std::string command = shell_quote(probe.command);
  if (trim(output.out).empty() && trim(output.err).empty()) {
    throw UserError(fmt::format("probe '{}' printed nothing: {}", probe.name, command),
                    "a probe prints a version; try its command in the image: cairn shell");
  }
  const std::string wanted = probe.match.empty()
                                 ? "no word that starts with a digit"
                                 : fmt::format("nothing that matches '{}'", probe.match);
  throw UserError(
      fmt::format("probe '{}' printed {}: {}\n{}", probe.name, wanted, command, shown(output)),
      "say where the version stands: MATCH [[version (.+)]]");
}

std::string value_of(const Probe& probe, const std::string& tag, const std::string& name,
                     const Version& version) {
  const std::array<std::pair<std::string_view, const std::string*>, 4> values{
      {{"version", &version.text},
       {"major", &version.major},
       {"minor", &version.minor},
       {"patch", &version.patch}}};
  for (const auto& [known, value] : values) {
    if (name != known) continue;
    if (!value->empty()) return *value;
    throw UserError(fmt::format("probe '{}': tag '{}' needs a {} number, and '{}' has none",
                                probe.name, tag, name, version.text),
                    fmt::format("write TAGS {}-{{version}}", probe.name));
  }
  throw UserError(fmt::format("probe '{}': tag '{}' has an unknown placeholder '{{{}}}'",
                              probe.name, tag, name),
                  "the placeholders are {version} {major} {minor} {patch}");
}

std::string expand(const Probe& probe, const std::string& tag, const Version& version) {
  std::string text;
  std::size_t at = 0;
  for (;;) {
    const std::size_t open = tag.find('{', at);
    const std::size_t close = open == std::string::npos ? open : tag.find('}', open);
    if (close == std::string::npos) return text + tag.substr(at);
    text += tag.substr(at, open - at);
    text += value_of(probe, tag, tag.substr(open + 1, close - open - 1), version);
    at = close + 1;
  }
}

}  // namespace

Version Version::parse(std::string_view text) {
  Version version;
  version.text = text;
  std::string* const parts[] = {&version.major, &version.minor, &version.patch};
  std::size_t at = 0;
  for (std::string* part : parts) {
    const std::size_t start = at;
    while (at < text.size() && starts_with_digit(text.substr(at)))
      ++at;
    *part = text.substr(start, at - start);
    if (part->empty() || at >= text.size() || text[at] != '.') break;
    ++at;
  }
  return version;
}

std::string hint_for(int exit_status, const std::string& lines) {
  if (to_lower(lines).find("exec format error") != std::string::npos) {
    return "nothing here runs programs of that architecture: install qemu-user-static and let it "
           "register itself with the kernel (binfmt_misc), or build on such a machine";
  }
  return exit_status == 127 || exit_status == 126
             ? "is the program in the image and on its PATH? look with: cairn shell"
             : "try the command in the image: cairn shell";
}

void require_success(const std::string& owner, const std::vector<std::string>& command,
                     const CommandOutput& output) {
  if (output.exit_status == 0) return;
  const std::string lines = shown(output);
  throw UserError(fmt::format("{} failed with status {}: {}{}", owner, output.exit_status,
                              shell_quote(command), lines.empty() ? "" : "\n" + lines),
                  hint_for(output.exit_status, lines));
}

std::vector<std::string> tags_of(const Probe& probe, const Version& version) {
  std::vector<std::string> tags;
  for (const std::string& tag : probe.tags) {
    const std::string expanded = expand(probe, tag, version);
    if (!oci::is_valid_tag(expanded)) {
      throw UserError(fmt::format("probe '{}' gives the invalid tag '{}': {}", probe.name, expanded,
                                  shell_quote(probe.command)),
                      "a tag has letters, digits, '_', '.' and '-', at most 128; cut the version "
                      "with MATCH");
    }
    if (std::find(tags.begin(), tags.end(), expanded) == tags.end()) tags.push_back(expanded);
  }
  return tags;
}

ProbeResult evaluate_probe(const Probe& probe, const CommandOutput& output) {
  require_success("probe '" + probe.name + "'", probe.command, output);
  ProbeResult result;
  result.name = probe.name;
  result.command = probe.command;
  result.from = probe.from;
  result.version = Version::parse(find_version(probe, output));
  result.tags = tags_of(probe, result.version);
  return result;
}

}  // namespace cairn::stack
