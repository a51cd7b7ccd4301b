// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/inspect_description.hpp"

#include "base/sha256.hpp"
#include "stack/model/document.hpp"

#include <algorithm>

namespace cairn::stack {
namespace {

// Raise it whenever the same description would give another inspection record.
constexpr int kFormat = 1;

using Argv = std::vector<std::string>;

Argv argv_of(const Json& value, const std::string& what, const std::string& where) {
  const bool strings =
      value.is_array() && !value.empty() &&
      std::all_of(value.begin(), value.end(), [](const Json& word) { return word.is_string(); });
  if (!strings) throw UserError(where + ": expected a command as an array of strings at " + what);
  return value.get<Argv>();
}

std::vector<Argv> argvs_of(const Json& object, const std::string& key, const std::string& where) {
  std::vector<Argv> all;
  for (const Json& item : object.value(key, Json::array())) {
    all.push_back(argv_of(item, "'" + key + "'", where));
  }
  return all;
}

Probe read_probe(const Json& object, const std::string& where) {
  Probe probe;
  probe.name = require_string(object, "name", where);
  probe.command = argv_of(object.value("command", Json()), "probe '" + probe.name + "'", where);
  probe.match = string_or(object, "match", "");
  probe.tags = strings_or_empty(object, "tags");
  if (probe.tags.empty()) probe.tags = {probe.name + "-{version}"};
  probe.from = string_or(object, "from", "");
  return probe;
}

Section read_section(const Json& object, const std::string& where) {
  Section section;
  section.name = require_string(object, "name", where);
  section.title = string_or(object, "title", section.name);
  section.headline = argvs_of(object, "headline", where);
  section.commands = argvs_of(object, "commands", where);
  section.from = string_or(object, "from", "");
  return section;
}

InspectDescription parse(const Json& object, const std::string& where) {
  InspectDescription description;
  description.target = require_string(object, "target", where);
  for (const Json& item : object.value("probes", Json::array())) {
    description.probes.push_back(read_probe(item, where));
  }
  for (const Json& item : object.value("sections", Json::array())) {
    description.sections.push_back(read_section(item, where));
  }
  description.time_limit = int_or(object, "time_limit", 300);
  description.repository_url = string_or(object, "repository_url", "");
  description.source_dir = string_or(object, "source_dir", "");
  return description;
}

}  // namespace

InspectDescription InspectDescription::read(const std::filesystem::path& path) {
  return read_document(path, "cairn/inspect-description/1", WrittenBy::cmake, parse);
}

std::string InspectDescription::digest() const {
  Json all = {{"format", kFormat},
              {"target", target},
              {"probes", Json::array()},
              {"sections", Json::array()}};
  for (const Probe& probe : probes) {
    all["probes"].push_back(
        {probe.name, Json(probe.command), probe.match, Json(probe.tags), probe.from});
  }
  for (const Section& section : sections) {
    all["sections"].push_back({section.title, Json(section.headline), Json(section.commands)});
  }
  return sha256_hex(canonical_json(all));
}

std::vector<Argv> InspectDescription::commands() const {
  std::vector<Argv> all;
  const auto add = [&all](const Argv& argv) {
    if (std::find(all.begin(), all.end(), argv) == all.end()) all.push_back(argv);
  };
  for (const Probe& probe : probes)
    add(probe.command);
  for (const Section& section : sections) {
    for (const Argv& argv : section.headline)
      add(argv);
    for (const Argv& argv : section.commands)
      add(argv);
  }
  return all;
}

}  // namespace cairn::stack
