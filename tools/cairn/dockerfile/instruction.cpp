// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/instruction.hpp"

#include "base/text.hpp"
#include "dockerfile/words.hpp"

#include <algorithm>

namespace cairn::dockerfile {
namespace {

using Kind = FlagRow::Kind;

std::vector<std::string> values_of(const std::vector<Piece>& pieces) {
  std::vector<std::string> result;
  for (const Piece& piece : pieces) {
    result.push_back(piece.value);
  }
  return result;
}

// Whether `words` became the items of a JSON array; an array with anything but strings is refused.
bool read_json(const Source& source, Instruction& into, const std::string& text,
               std::size_t place) {
  JsonWords json = parse_json_words(text);
  if (json.kind == JsonWords::Kind::mixed) {
    source.fail(place, "the array of " + into.keyword + " must hold strings only");
  }
  if (json.kind == JsonWords::Kind::not_json) {
    return false;
  }
  into.json_form = true;
  into.words.insert(into.words.end(), json.words.begin(), json.words.end());
  return true;
}

// `K=V …`, or the old `K value` whose value is all the rest of the line.
void read_pairs(const Source& source, Instruction& into, char escape, std::size_t place) {
  into.words = split_quoted(into.text, escape);
  if (into.words.empty()) {
    return;
  }
  if (into.words.front().find('=') == std::string::npos) {
    const auto blank = std::find_if(into.text.begin(), into.text.end(), is_blank);
    const auto value = std::find_if_not(blank, into.text.end(), is_blank);
    if (value == into.text.end()) {
      source.fail(place, into.keyword + " needs a value for '" + into.words.front() + "'",
                  "write " + into.keyword + " " + into.words.front() + "=VALUE");
    }
    into.words = {std::string(into.text.begin(), blank) + "=" +
                  std::string(value, into.text.end())};
  }
  for (const std::string& word : into.words) {
    if (word.find('=') == std::string::npos) {
      source.fail(place, into.keyword + " expected NAME=VALUE, got '" + word + "'");
    }
  }
}

void read_health(const Source& source, Instruction& into, const Piece& rest, std::size_t place) {
  const auto blank = std::find_if(rest.value.begin(), rest.value.end(), is_blank);
  const auto length = static_cast<std::size_t>(blank - rest.value.begin());
  if (rest.empty()) {
    return;
  }
  into.words.push_back(to_upper(rest.value.substr(0, length)));
  const Piece command = rest.substr(length).trimmed();
  if (!command.empty() && !read_json(source, into, command.value, place)) {
    into.words.push_back(command.value);
  }
}

// What stands behind the keyword and its flags; `place` is where an error points.
struct Rest {
  const Piece& text;
  char escape;
  std::size_t place;
};

void read_words(const Source& source, Instruction& into, Form form, const Rest& rest) {
  switch (form) {
    case Form::json_or_blanks:
      if (read_json(source, into, into.text, rest.place)) {
        return;
      }
      [[fallthrough]];
    case Form::blanks:
      into.words = values_of(split_blanks(rest.text));
      return;
    case Form::pairs:
      read_pairs(source, into, rest.escape, rest.place);
      return;
    case Form::quoted:
      into.words = split_quoted(into.text, rest.escape);
      return;
    case Form::health:
      read_health(source, into, rest.text, rest.place);
      return;
    case Form::json_or_text:
      if (read_json(source, into, into.text, rest.place)) {
        return;
      }
      [[fallthrough]];
    case Form::text:
    case Form::trigger:
      if (!into.text.empty()) {
        into.words = {into.text};
      }
      return;
  }
}

void fail_unknown(const Source& source, const Piece& keyword, std::size_t place) {
  std::vector<std::string> known;
  for (const InstructionRow& row : instruction_rows()) {
    known.emplace_back(row.keyword);
  }
  const auto near = did_you_mean(to_upper(keyword.value), known);
  source.fail(place, "unknown instruction '" + keyword.value + "'" +
                         (near ? "; did you mean '" + *near + "'?" : std::string()));
}

// The instruction behind ONBUILD is checked here and not first in the image that is built on it.
bool read_trigger(const Source& source, const Piece& rest, char escape) {
  if (rest.empty()) {
    return false;
  }
  const SplitInstruction inner = split_instruction(rest);
  const std::string keyword = to_upper(inner.keyword.value);
  if (keyword == "ONBUILD" || keyword == "MAINTAINER" || keyword == "FROM") {
    source.fail(rest.at.front(), "ONBUILD cannot be followed by " + keyword);
  }
  return read_instruction(source, rest, escape).heredocs;
}

std::vector<Flag> make_flags(const Source& source, const std::vector<Piece>& words) {
  std::vector<Flag> flags;
  for (const Piece& word : words) {
    const FlagParts parts = split_flag(word);
    if (parts.value && !parts.value->empty()) {
      flags.push_back({parts.name, parts.value->value, replaceable_span(source, *parts.value)});
    } else {
      flags.push_back({parts.name, {}, source.span(word.at.back() + 1, 0)});
    }
  }
  return flags;
}

}  // namespace

const std::vector<InstructionRow>& instruction_rows() {
  static const std::vector<InstructionRow> rows = {
      {"ADD",
       Form::json_or_blanks,
       {{"chown", Kind::text},
        {"chmod", Kind::text},
        {"link", Kind::boolean},
        {"keep-git-dir", Kind::boolean},
        {"checksum", Kind::text},
        {"exclude", Kind::repeated},
        {"unpack", Kind::boolean}},
       true,
       true},
      {"ARG", Form::quoted, {}, false, false},
      {"CMD", Form::json_or_text, {}, true, false},
      {"COPY",
       Form::json_or_blanks,
       {{"chown", Kind::text},
        {"chmod", Kind::text},
        {"from", Kind::text},
        {"link", Kind::boolean},
        {"exclude", Kind::repeated},
        {"parents", Kind::boolean}},
       true,
       true},
      {"ENTRYPOINT", Form::json_or_text, {}, true, false},
      {"ENV", Form::pairs, {}, true, false},
      {"EXPOSE", Form::blanks, {}, true, false},
      {"FROM", Form::blanks, {{"platform", Kind::text}}, true, false},
      {"HEALTHCHECK",
       Form::health,
       {{"interval", Kind::text},
        {"timeout", Kind::text},
        {"start-period", Kind::text},
        {"start-interval", Kind::text},
        {"retries", Kind::text}},
       true,
       false},
      {"LABEL", Form::pairs, {}, true, false},
      {"MAINTAINER", Form::text, {}, true, false},
      {"ONBUILD", Form::trigger, {}, true, false},
      {"RUN",
       Form::json_or_text,
       {{"mount", Kind::repeated},
        {"network", Kind::text},
        {"security", Kind::text},
        {"device", Kind::repeated}},
       true,
       true},
      {"SHELL", Form::json_or_text, {}, true, false},
      {"STOPSIGNAL", Form::text, {}, false, false},
      {"USER", Form::text, {}, true, false},
      {"VOLUME", Form::json_or_blanks, {}, true, false},
      {"WORKDIR", Form::text, {}, true, false},
  };
  return rows;
}

const InstructionRow* find_instruction(const std::string& keyword) {
  for (const InstructionRow& row : instruction_rows()) {
    if (keyword == row.keyword) {
      return &row;
    }
  }
  return nullptr;
}

ReadInstruction read_instruction(const Source& source, const Piece& line, char escape) {
  const SplitInstruction split = split_instruction(line);
  const std::size_t start = line.empty() ? source.text().size() : line.at.front();
  const std::size_t begin = split.keyword.empty() ? start : split.keyword.at.front();
  ReadInstruction result;
  Instruction& into = result.instruction;
  into.keyword = to_upper(split.keyword.value);
  const InstructionRow* row = find_instruction(into.keyword);
  if (row == nullptr) {
    fail_unknown(source, split.keyword, begin);
  }
  if (row->checks_flags) {
    check_flags(source, *row, split.flags);
  }
  into.flags = make_flags(source, split.flags);
  into.text = split.rest.value;
  into.span = source.span(begin, 0);
  const std::size_t line_end = line.at.back() + 1;
  const std::vector<Piece> words = split_blanks(split.rest);
  into.argument = words.empty() ? source.span(line_end, 0) : source.span(words.front(), begin);
  const std::size_t place = words.empty() ? begin : into.argument.offset;
  read_words(source, into, row->form, {split.rest, escape, place});
  check_arguments(source, into, place);
  result.heredocs = row->form == Form::trigger ? read_trigger(source, split.rest, escape)
                                               : row->heredocs && !into.json_form;
  return result;
}

}  // namespace cairn::dockerfile
