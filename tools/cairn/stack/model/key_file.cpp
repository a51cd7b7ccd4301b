// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/key_file.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace cairn::stack {
namespace {

constexpr std::string_view kFirstLine = "cairn-key 1";

void read_error(const std::string& value, KeyFile& key) {
  const Json object = Json::parse(value, nullptr, false);
  const bool whole = object.is_object() && object.value("message", Json()).is_string() &&
                     object.value("hint", Json()).is_string();
  key.error = whole ? object["message"].get<std::string>() : value;
  key.hint = whole ? object["hint"].get<std::string>() : "";
}

}  // namespace

std::string KeyFile::to_text() const {
  std::string text = std::string(kFirstLine) + "\n";
  if (error.empty()) {
    text += "input " + input + "\nsource " + source + "\n";
    if (!taken.empty()) text += "taken " + taken + "\n";
    if (!period.empty()) text += "period " + period + "\n";
    for (const std::string& doubt : doubts)
      text += "doubt " + canonical_json(doubt) + "\n";
  } else {
    text += "error " + canonical_json({{"message", error}, {"hint", hint}}) + "\n";
  }
  return text + "absent " + std::to_string(absent) + "\n";
}

KeyFile KeyFile::parse(const std::string& text, const std::string& where) {
  const std::vector<std::string> lines = split_lines(text);
  if (lines.empty() || lines[0] != kFirstLine) {
    throw Error(where + ": expected the line '" + std::string(kFirstLine) + "'");
  }
  KeyFile key;
  for (const std::string& line : lines) {
    const std::size_t blank = line.find(' ');
    const std::string name = line.substr(0, blank);
    const std::string value = blank == std::string::npos ? "" : line.substr(blank + 1);
    if (name == "input") key.input = value;
    if (name == "source") key.source = value;
    if (name == "taken") key.taken = value;
    if (name == "period") key.period = value;
    if (name == "absent") key.absent = std::atoi(value.c_str());
    if (name == "doubt") {
      const Json doubt = Json::parse(value, nullptr, false);
      key.doubts.push_back(doubt.is_string() ? doubt.get<std::string>() : value);
    }
    if (name == "error") read_error(value, key);
  }
  if (key.error.empty() && (key.input.size() != 64 || key.source.size() != 64)) {
    throw Error(where + ": expected an input and a source key of 64 hex digits");
  }
  return key;
}

std::optional<KeyFile> KeyFile::read_if_present(const std::filesystem::path& path) {
  const auto text = cairn::read_file_if_present(path);
  if (!text) return std::nullopt;
  return parse(*text, path.string());
}

}  // namespace cairn::stack
