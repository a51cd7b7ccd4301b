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

// The trigger of ONBUILD is kept as a text: its first word is its keyword.
int needed_by_trigger(const std::string& text) {
  const std::vector<std::string> words = split(text, ' ');
  int needed = kOldestFrontEnd;
  for (const std::string& word : words) {
    if (!word.starts_with("--")) continue;
    const std::string flag = word.substr(2, word.find('=') - 2);
    needed = std::max(needed, needed_by_flag(to_upper(words.front()), flag));
  }
  return needed;
}

// What a shell expands in the container is no affair of the front end.
bool is_expanded_later(const std::string& keyword) {
  return keyword == "RUN" || keyword == "CMD" || keyword == "ENTRYPOINT" || keyword == "ONBUILD";
}

int needed_by(const Instruction& instruction) {
  int needed = instruction.heredocs.empty() ? kOldestFrontEnd : kHeredocs;
  for (const Flag& flag : instruction.flags)
    needed = std::max(needed, needed_by_flag(instruction.keyword, flag.name));
  if (instruction.keyword == "ONBUILD") {
    needed = std::max(needed, needed_by_trigger(instruction.text));
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
