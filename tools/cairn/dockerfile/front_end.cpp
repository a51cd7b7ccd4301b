// SPDX-License-Identifier: BSD-3-Clause
#include "base/text.hpp"
#include "dockerfile/dockerfile.hpp"
#include "dockerfile/source.hpp"

#include <algorithm>
#include <array>

namespace cairn::dockerfile {
namespace {

/// A flag that not every front end knows, by the release notes of docker/dockerfile.
struct LateFlag {
  std::string_view keyword;
  std::string_view flag;
  int since;
};
constexpr int kLabs = 1000;  // in no stable front end
constexpr int kHeredocs = 4;
constexpr int kBareDefaults = 6;  // ${v-w} and ${v+w}, without the colon
constexpr int kPatterns = 7;      // ${v#p}, ${v%p}, ${v/p/r}
constexpr int kMountVariables = 3;
constexpr int kSecretVariables = 10;  // RUN --mount=type=secret,env=
constexpr int kModesInWords = 14;     // --chmod=u+x
constexpr int kRepositories = 6;      // ADD of git: older ones fetch a file of that address
constexpr int kRepositoryQueries = 18;
constexpr std::array<LateFlag, 12> kLateFlags{{{"RUN", "network", 3},
                                               {"RUN", "security", 20},
                                               {"RUN", "device", kLabs},
                                               {"ADD", "link", 4},
                                               {"COPY", "link", 4},
                                               {"ADD", "checksum", 6},
                                               {"ADD", "keep-git-dir", 6},
                                               {"HEALTHCHECK", "start-interval", 6},
                                               {"ADD", "unpack", 17},
                                               {"ADD", "exclude", 19},
                                               {"COPY", "exclude", 19},
                                               {"COPY", "parents", 20}}};

int needed_by_flag(std::string_view keyword, std::string_view flag) {
  for (const LateFlag& late : kLateFlags) {
    if (late.keyword == keyword && late.flag == flag) return late.since;
  }
  return kOldestFrontEnd;
}

int needed_by_substitutions(std::string_view text) {
  constexpr std::string_view kName =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  int needed = kOldestFrontEnd;
  for (std::size_t at = text.find("${"); at != std::string::npos; at = text.find("${", at + 2)) {
    const std::size_t end = text.find_first_not_of(kName, at + 2);
    if (end == std::string::npos) break;
    const char sign = text[end];
    if (sign == '-' || sign == '+') needed = std::max(needed, kBareDefaults);
    if (sign == '#' || sign == '%' || sign == '/') needed = std::max(needed, kPatterns);
  }
  return needed;
}

int needed_by_mount(const std::string& value) {
  int needed = value.find('$') == std::string::npos ? kOldestFrontEnd : kMountVariables;
  for (const std::string& field : split(to_lower(value), ','))
    needed = std::max(needed, field.starts_with("env=") ? kSecretVariables : kOldestFrontEnd);
  return needed;
}

bool is_octal_or_variable(const std::string& mode) {
  return mode.find('$') != std::string::npos ||
         mode.find_first_not_of("01234567") == std::string::npos;
}

int needed_by_value(const std::string& keyword, const Flag& flag) {
  int needed = needed_by_substitutions(flag.value);
  if (keyword == "RUN" && flag.name == "mount") {
    needed = std::max(needed, needed_by_mount(flag.value));
  }
  if (flag.name == "chmod" && !is_octal_or_variable(flag.value)) {
    needed = std::max(needed, kModesInWords);
  }
  return needed;
}

// What a variable begins may be a repository: then the line that names the front end is kept.
int needed_by_source(std::string_view word) {
  constexpr std::array<std::string_view, 4> kAlways{"git@", "git://", "ssh://", "$"};
  const auto begins = [word](std::string_view head) { return word.starts_with(head); };
  if (std::any_of(kAlways.begin(), kAlways.end(), begins)) return kRepositories;
  if (!begins("http://") && !begins("https://")) return kOldestFrontEnd;
  const std::string_view address = word.substr(0, word.find_first_of("#?"));
  if (!address.ends_with(".git")) return kOldestFrontEnd;
  return word.find('?') == std::string_view::npos ? kRepositories : kRepositoryQueries;
}

int needed_by(const Instruction& instruction);

// The trigger of ONBUILD is kept as a text.
int needed_by_trigger(const std::string& text) {
  try {
    const Dockerfile inner = parse("FROM scratch\n" + text + "\n", "ONBUILD");
    return needed_by(inner.stages.front().instructions.at(0));
  } catch (const std::exception&) {
    return kOldestFrontEnd;  // one with a heredoc, whose content is not in the text
  }
}

// What a shell expands in the container is no affair of the front end.
bool is_expanded_later(const std::string& keyword) {
  return keyword == "RUN" || keyword == "CMD" || keyword == "ENTRYPOINT" || keyword == "ONBUILD";
}

int needed_by(const Instruction& instruction) {
  int needed = instruction.heredocs.empty() ? kOldestFrontEnd : kHeredocs;
  for (const Flag& flag : instruction.flags) {
    needed = std::max({needed, needed_by_flag(instruction.keyword, flag.name),
                       needed_by_value(instruction.keyword, flag)});
  }
  if (instruction.keyword == "ONBUILD") {
    needed = std::max(needed, needed_by_trigger(instruction.text));
  }
  if (instruction.keyword == "ADD") {
    for (std::size_t i = 0; i + 1 < instruction.words.size(); ++i)
      needed = std::max(needed, needed_by_source(instruction.words[i]));
  }
  for (const Heredoc& heredoc : instruction.heredocs) {
    if (!heredoc.expand || is_expanded_later(instruction.keyword)) continue;
    needed = std::max(needed, needed_by_substitutions(heredoc.content));
  }
  if (!is_expanded_later(instruction.keyword)) {
    needed = std::max(needed, needed_by_substitutions(instruction.text));
  }
  return needed;
}

}  // namespace

int front_end_needed(const Dockerfile& file, const std::vector<int>& needed) {
  int front_end = kOldestFrontEnd;
  for (const Instruction& argument : file.meta_args)
    front_end = std::max(front_end, needed_by(argument));
  for (const int index : needed) {
    const Stage& stage = file.stages.at(static_cast<std::size_t>(index));
    front_end = std::max(front_end, needed_by(stage.from));
    for (const Instruction& instruction : stage.instructions) {
      front_end = std::max(front_end, needed_by(instruction));
    }
  }
  return front_end;
}

}  // namespace cairn::dockerfile
