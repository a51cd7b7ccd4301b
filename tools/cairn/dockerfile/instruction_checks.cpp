// SPDX-License-Identifier: BSD-3-Clause
#include "base/text.hpp"
#include "dockerfile/heredoc.hpp"
#include "dockerfile/instruction.hpp"
#include "dockerfile/mount.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace cairn::dockerfile {
namespace {

using Check = void (*)(const Source&, const Instruction&, std::size_t);

void need_one(const Source& source, const Instruction& in, std::size_t place) {
  if (in.words.empty()) {
    source.fail(place, in.keyword + " needs an argument");
  }
}

// `^[a-z][a-z0-9-_.]*$` after lower-casing.
bool is_stage_name(const std::string& name) {
  const auto fits = [](char byte) {
    return is_letter(byte) || is_digit(byte) || byte == '-' || byte == '_' || byte == '.';
  };
  return is_letter(name.front()) && std::all_of(name.begin(), name.end(), fits);
}

void check_from(const Source& source, const Instruction& in, std::size_t place) {
  const bool named = in.words.size() == 3 && to_upper(in.words[1]) == "AS";
  if (in.words.size() != 1 && !named) {
    source.fail(place, "FROM expected 'IMAGE' or 'IMAGE AS NAME', got '" + in.text + "'");
  }
  if (named && !is_stage_name(in.words[2])) {
    source.fail(place, "invalid stage name '" + in.words[2] +
                           "': expected a letter, then letters, digits, '-', '_' or '.'");
  }
}

void check_copy(const Source& source, const Instruction& in, std::size_t place) {
  if (in.words.size() < 2) {
    source.fail(place, in.keyword + " needs a source and a destination");
  }
  std::optional<HeredocWord> heredoc;
  try {
    heredoc = parse_heredoc_word(in.words.back());
  } catch (const std::exception&) {
    // A word that cannot be read as a heredoc is a path.
  }
  if (heredoc) {
    source.fail(place, in.keyword + " cannot have a heredoc as destination");
  }
}

void check_names(const Source& source, const Instruction& in, std::size_t place) {
  need_one(source, in, place);
  for (const std::string& word : in.words) {
    if (word.front() == '=') {
      source.fail(place, in.keyword + " expected a name before '" + word + "'");
    }
  }
}

void check_shell(const Source& source, const Instruction& in, std::size_t place) {
  if (!in.json_form || in.words.empty()) {
    source.fail(place, "SHELL expected a JSON array of strings, got '" + in.text + "'",
                R"(write SHELL ["/bin/bash", "-c"])");
  }
}

void check_volume(const Source& source, const Instruction& in, std::size_t place) {
  need_one(source, in, place);
  for (const std::string& word : in.words) {
    if (trim(word).empty()) {
      source.fail(place, "VOLUME cannot be empty");
    }
  }
}

void check_health(const Source& source, const Instruction& in, std::size_t place) {
  need_one(source, in, place);
  const std::string& type = in.words.front();
  if (type != "NONE" && type != "CMD") {
    source.fail(place, "HEALTHCHECK expected CMD or NONE, got '" + type + "'");
  }
  if (type == "NONE" && in.words.size() > 1) {
    source.fail(place, "HEALTHCHECK NONE takes no arguments");
  }
  if (type == "CMD" && in.words.size() < 2) {
    source.fail(place, "HEALTHCHECK CMD needs a command");
  }
}

// What Go's time.ParseDuration takes, and docker's minimum of 1 ms; 0 is the default.
bool is_duration(std::string text) {
  static const std::map<std::string, double> units = {
      {"ns", 1e-9}, {"us", 1e-6}, {"\xC2\xB5s", 1e-6}, {"\xCE\xBCs", 1e-6},
      {"ms", 1e-3}, {"s", 1.0},   {"m", 60.0},         {"h", 3600.0}};
  if (!text.empty() && text.front() == '+') {
    text.erase(0, 1);
  }
  if (text == "0") {
    return true;
  }
  double seconds = 0;
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t unit = std::min(text.find_first_not_of("0123456789.", i), text.size());
    const std::size_t next = std::min(text.find_first_of("0123456789.", unit), text.size());
    const std::string number = text.substr(i, unit - i);
    const auto found = units.find(text.substr(unit, next - unit));
    if (number.empty() || number == "." || std::count(number.begin(), number.end(), '.') > 1 ||
        found == units.end() || number.size() > 18) {
      return false;
    }
    seconds += std::stod(number) * found->second;
    i = next;
  }
  return !text.empty() && (seconds == 0 || seconds >= 0.001);
}

bool is_count(const std::string& text) {
  return !text.empty() && text.size() < 10 && std::all_of(text.begin(), text.end(), is_digit);
}

// Values of flags that can be judged without the builder.
void check_flag_value(const Source& source, const InstructionRow& row, const std::string& name,
                      const Piece& value, std::size_t place) {
  const std::string keyword = row.keyword;
  std::string expected;
  if (keyword == "HEALTHCHECK") {
    if (name == "retries") {
      expected = is_count(value.value) || value.empty() ? "" : "a number";
    } else {
      expected = is_duration(value.value) || value.empty() ? "" : "a time as in '30s' or '1m30s'";
    }
  } else if (name == "network") {
    const bool known = value.value == "default" || value.value == "none" || value.value == "host";
    expected = known ? "" : "'default', 'none' or 'host'";
  } else if (name == "security") {
    const bool known = value.value == "sandbox" || value.value == "insecure";
    expected = known ? "" : "'sandbox' or 'insecure'";
  } else if (name == "mount" && !value.empty()) {
    read_mount_from(source, value);
  } else if (name == "from" && value.value.find('$') != std::string::npos) {
    source.fail(place, "'--from' takes no variables, got '" + value.value + "'",
                "name a stage for it: FROM " + value.value + " AS base, then --from=base");
  }
  if (!expected.empty()) {
    source.fail(place, "'--" + name + "' expected " + expected + ", got '" + value.value + "'");
  }
}

const FlagRow& find_flag(const Source& source, const InstructionRow& row, const std::string& name,
                         std::size_t place) {
  std::vector<std::string> known;
  for (const FlagRow& flag : row.flags) {
    if (name == flag.name) {
      return flag;
    }
    known.push_back(std::string("--") + flag.name);
  }
  const auto near = did_you_mean("--" + name, known);
  source.fail(place, std::string(row.keyword) + " has no flag '--" + name + "'" +
                         (near ? "; did you mean '" + *near + "'?" : std::string()));
}

void check_flag(const Source& source, const InstructionRow& row, const Piece& word,
                std::vector<std::string>& seen) {
  const FlagParts parts = split_flag(word);
  const std::size_t place = word.at.front();
  const FlagRow& flag = find_flag(source, row, parts.name, place);
  if (flag.kind != FlagRow::Kind::repeated &&
      std::find(seen.begin(), seen.end(), parts.name) != seen.end()) {
    source.fail(place, "flag '--" + parts.name + "' is given twice");
  }
  seen.push_back(parts.name);
  if (flag.kind == FlagRow::Kind::boolean) {
    const std::string value = parts.value ? to_lower(parts.value->value) : "true";
    if (value != "true" && value != "false") {
      source.fail(
          place, "'--" + parts.name + "' expected true or false, got '" + parts.value->value + "'");
    }
    return;
  }
  if (!parts.value) {
    source.fail(place, "flag '--" + parts.name + "' needs a value");
  }
  const std::size_t at = parts.value->empty() ? place : parts.value->at.front();
  check_flag_value(source, row, parts.name, *parts.value, at);
}

}  // namespace

void check_arguments(const Source& source, const Instruction& instruction, std::size_t place) {
  // RUN, CMD and ENTRYPOINT may be empty.
  static const std::map<std::string, Check> checks = {{"ADD", check_copy},
                                                      {"ARG", check_names},
                                                      {"COPY", check_copy},
                                                      {"ENV", check_names},
                                                      {"EXPOSE", need_one},
                                                      {"FROM", check_from},
                                                      {"HEALTHCHECK", check_health},
                                                      {"LABEL", check_names},
                                                      {"MAINTAINER", need_one},
                                                      {"ONBUILD", need_one},
                                                      {"SHELL", check_shell},
                                                      {"STOPSIGNAL", need_one},
                                                      {"USER", need_one},
                                                      {"VOLUME", check_volume},
                                                      {"WORKDIR", need_one}};
  const auto check = checks.find(instruction.keyword);
  if (check != checks.end()) {
    check->second(source, instruction, place);
  }
}

void check_flags(const Source& source, const InstructionRow& row, const std::vector<Piece>& words) {
  std::vector<std::string> seen;
  for (const Piece& word : words) {
    check_flag(source, row, word, seen);
  }
}

}  // namespace cairn::dockerfile
