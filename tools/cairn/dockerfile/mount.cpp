// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/mount.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace cairn::dockerfile {
namespace {

const std::vector<std::string> kTypes = {"bind", "cache", "tmpfs", "secret", "ssh"};
const std::vector<std::string> kSharing = {"shared", "private", "locked"};
const std::vector<std::string> kKeys = {"type",     "from",        "source",   "src", "target",
                                        "dst",      "destination", "readonly", "ro",  "rw",
                                        "required", "id",          "uid",      "gid", "readwrite",
                                        "sharing",  "mode",        "size",     "env"};
const std::vector<std::string> kBare = {"readonly", "ro", "readwrite", "rw", "required"};

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string suggestion(const std::string& word, const std::vector<std::string>& known) {
  const auto near = did_you_mean(word, known);
  return near ? "; did you mean '" + *near + "'?" : std::string();
}

// The fields of one CSV record (RFC 4180), as Go's encoding/csv reads them.
std::vector<Piece> split_fields(const Source& source, const Piece& value) {
  std::vector<Piece> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < value.value.size(); ++i) {
    const char byte = value.value[i];
    const bool at_start = i == 0 || value.value[i - 1] == ',';
    const bool doubled = quoted && value.value.compare(i, 2, "\"\"") == 0;
    if (byte == '"' && !quoted && at_start) {
      quoted = true;
    } else if (byte == '"' && !quoted) {
      source.fail(value.at[i], "quote inside a field of '--mount'");
    } else if (byte == '"' && !doubled) {
      quoted = false;
    } else if (byte == ',' && !quoted) {
      fields.emplace_back();
    } else {
      i += doubled ? 1 : 0;
      fields.back().append(byte, value.at[i]);
    }
  }
  if (quoted) {
    source.fail(value.at.back(), "missing closing quote in '--mount'");
  }
  return fields;
}

bool has_variable(const std::string& text) {
  return text.find('$') != std::string::npos;
}

void check_value(const Source& source, const Piece& field, const std::string& key,
                 const std::string& value) {
  const bool is_type = key == "type";
  if (!is_type && key != "sharing") {
    return;
  }
  const std::vector<std::string>& known = is_type ? kTypes : kSharing;
  if (!contains(known, to_lower(value)) && !has_variable(value)) {
    source.fail(field.at.front(),
                "unknown mount " + key + " '" + value + "'" + suggestion(value, known));
  }
}

}  // namespace

std::optional<Piece> read_mount_from(const Source& source, const Piece& value) {
  std::optional<Piece> from;
  for (const Piece& field : split_fields(source, value)) {
    const std::size_t place = field.empty() ? value.at.front() : field.at.front();
    const std::size_t equals = std::min(field.value.find('='), field.value.size());
    const std::string key = to_lower(std::string_view(field.value).substr(0, equals));
    if (has_variable(key)) {
      continue;
    }
    if (!contains(kKeys, key)) {
      source.fail(place, "unknown mount option '" + key + "'" + suggestion(key, kKeys));
    }
    if (equals == field.value.size()) {
      if (!contains(kBare, key)) {
        source.fail(place, "mount option '" + key + "' needs a value");
      }
      continue;
    }
    const Piece written = field.substr(equals + 1);
    check_value(source, field, key, written.value);
    if (key == "from") {
      if (has_variable(written.value)) {
        source.fail(written.at.front(), "'from' takes no variables, got '" + written.value + "'",
                    "name a stage for it: FROM " + written.value + " AS base, then from=base");
      }
      from = written.empty() ? std::nullopt : std::optional(written);
    }
  }
  return from;
}

std::optional<ContextMount> read_context_mount(const Source& source, const std::string& value) {
  const Piece piece{value, std::vector<std::size_t>(value.size(), 0)};
  std::string type = "bind", path = "/";
  for (const Piece& field : split_fields(source, piece)) {
    const std::size_t equals = std::min(field.value.find('='), field.value.size());
    const std::string key = to_lower(std::string_view(field.value).substr(0, equals));
    const std::string text = field.substr(equals + 1).value;
    if (key == "type") type = text;
    if (key == "source" || key == "src") path = text;
    if (key == "from" && !text.empty()) return std::nullopt;
  }
  if (has_variable(type)) return ContextMount{path, "type '" + type + "'"};
  if (to_lower(type) != "bind") return std::nullopt;
  return ContextMount{path, has_variable(path) ? "source '" + path + "'" : ""};
}

}  // namespace cairn::dockerfile
