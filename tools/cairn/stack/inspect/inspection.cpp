// SPDX-License-Identifier: BSD-3-Clause
#include "stack/inspect/inspection.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "stack/inspect/inspection_script.hpp"
#include "stack/inspect/manifest.hpp"
#include "stack/inspect/tags.hpp"
#include "stack/model/description.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <unistd.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSchema = "cairn/inspection/1";

Json to_json(const std::vector<SectionOutput>& outputs) {
  Json array = Json::array();
  for (const SectionOutput& item : outputs) {
    array.push_back({{"command", item.command}, {"output", item.output}});
  }
  return array;
}

std::vector<SectionOutput> read_outputs(const Json& object, const std::string& key) {
  std::vector<SectionOutput> outputs;
  for (const Json& item : object.at(key)) {
    outputs.push_back({item.at("command").get<std::vector<std::string>>(), item.at("output")});
  }
  return outputs;
}

Inspection parse(const Json& object) {
  Inspection inspection;
  inspection.target = object.at("target");
  inspection.config_digest = object.at("config_digest");
  inspection.platform = object.at("platform");
  inspection.description = object.at("description");
  for (const Json& item : object.at("probes")) {
    ProbeResult probe;
    probe.name = item.at("name");
    probe.version = {item.at("version"), item.at("major"), item.at("minor"), item.at("patch")};
    probe.tags = item.at("tags").get<std::vector<std::string>>();
    probe.command = item.at("command").get<std::vector<std::string>>();
    probe.from = item.at("from");
    inspection.probes.push_back(std::move(probe));
  }
  for (const Json& item : object.at("sections")) {
    inspection.sections.push_back(
        {item.at("title"), read_outputs(item, "headline"), read_outputs(item, "commands")});
  }
  inspection.tags = object.at("tags").get<std::vector<std::string>>();
  inspection.seconds = object.at("seconds");
  return inspection;
}

/// Finds what a command gave by its words.
class Outputs {
 public:
  Outputs(const InspectDescription& description, const std::vector<CommandOutput>& outputs)
      : commands_(description.commands()), outputs_(outputs) {}

  const CommandOutput& of(const std::vector<std::string>& command) const {
    const auto found = std::find(commands_.begin(), commands_.end(), command);
    return outputs_.at(static_cast<std::size_t>(found - commands_.begin()));
  }

 private:
  std::vector<std::vector<std::string>> commands_;
  const std::vector<CommandOutput>& outputs_;
};

std::vector<SectionOutput> evaluate_section(const Section& section,
                                            const std::vector<std::vector<std::string>>& commands,
                                            const Outputs& outputs) {
  std::vector<SectionOutput> results;
  for (const auto& command : commands) {
    const CommandOutput& output = outputs.of(command);
    require_success("section '" + section.name + "'", command, output);
    const std::string& text = trim(output.out).empty() ? output.err : output.out;
    if (trim(text).empty()) {
      throw UserError(
          fmt::format("section '{}' printed nothing: {}", section.name, shell_quote(command)),
          "try the command in the image: cairn shell");
    }
    results.push_back({command, without_ansi(text)});
  }
  return results;
}

engine::RunRequest base_request(const ImageRecord& record, const InspectDescription& description) {
  engine::RunRequest request;
  request.image = record.engine_id;
  request.platform = record.platform;
  request.name = "cairn-inspect-" + sha256_hex(fmt::format("{} {} {} {}", record.config_digest,
                                                           record.target, ::getpid(), unix_now()))
                                        .substr(0, 16);
  request.time_limit = std::chrono::seconds(description.time_limit);
  return request;
}

Inspection run_inspection(const ImageFolder& folder, const InspectDescription& description,
                          const ImageRecord& record, const OpenEngine& open_engine) {
  const Stopwatch watch;
  std::vector<CommandOutput> outputs;
  const auto commands = description.commands();
  if (!commands.empty()) {
    const auto engine = open_engine();
    if (!engine->inspect(record.engine_id)) {
      throw UserError(fmt::format("image '{}' ({}) is no longer in the engine", record.target,
                                  record.engine_id.substr(0, 19)),
                      folder.build_command());
    }
    outputs = run_commands(*engine, base_request(record, description), commands);
  }
  Inspection inspection = evaluate(description, record, outputs);
  inspection.seconds = std::round(watch.seconds() * 10) / 10;
  return inspection;
}

fs::path store_path(const std::string& store, const std::string& config_digest,
                    const std::string& description) {
  const std::string hex = config_digest.substr(config_digest.find(':') + 1);
  return fs::path(store) / "inspections" / (hex + "-" + description + ".json");
}

void write_outputs(const ImageFolder& folder, const ImageRecord& record,
                   const InspectDescription& description, const BuildDescription& build,
                   const Inspection& inspection) {
  const auto references = platform_references(
      record.repository, tag_prefix(record.arch, record.variant), inspection.tags);
  const SourceRevision source = find_source_revision(record, build, description);
  write_file_if_changed(folder.tags(), join(references, "\n") + "\n");
  write_file_if_changed(folder.manifest(),
                        render_manifest(record, inspection, source, description.repository_url));
  write_file_if_changed(folder.history(),
                        render_history(record, references, source, description.repository_url));
  // Last: what answers for the others.
  write_file_if_changed(folder.inspection(), inspection.to_text());
}

}  // namespace

std::optional<Inspection> Inspection::read_if_current(const fs::path& path,
                                                      const std::string& config_digest,
                                                      const std::string& description) {
  const auto text = read_file_if_present(path);
  if (!text) return std::nullopt;
  try {
    const Json object = Json::parse(*text);
    if (string_or(object, "schema", "") != kSchema ||
        string_or(object, "config_digest", "") != config_digest ||
        string_or(object, "description", "") != description) {
      return std::nullopt;
    }
    return parse(object);
  } catch (const std::exception&) {
    return std::nullopt;  // damaged: the image is inspected again
  }
}

std::string Inspection::to_text() const {
  Json object = {{"schema", kSchema},
                 {"target", target},
                 {"config_digest", config_digest},
                 {"platform", platform},
                 {"description", description},
                 {"probes", Json::array()},
                 {"sections", Json::array()},
                 {"tags", tags},
                 {"seconds", seconds}};
  for (const ProbeResult& probe : probes) {
    object["probes"].push_back({{"name", probe.name},
                                {"version", probe.version.text},
                                {"major", probe.version.major},
                                {"minor", probe.version.minor},
                                {"patch", probe.version.patch},
                                {"tags", probe.tags},
                                {"command", probe.command},
                                {"from", probe.from}});
  }
  for (const SectionResult& section : sections) {
    object["sections"].push_back({{"title", section.title},
                                  {"headline", to_json(section.headline)},
                                  {"commands", to_json(section.commands)}});
  }
  return pretty_json(object);
}

Inspection evaluate(const InspectDescription& description, const ImageRecord& record,
                    const std::vector<CommandOutput>& outputs) {
  const Outputs found(description, outputs);
  Inspection inspection;
  inspection.target = record.target;
  inspection.config_digest = record.config_digest;
  inspection.platform = record.platform;
  inspection.description = description.digest();
  for (const Probe& probe : description.probes) {
    inspection.probes.push_back(evaluate_probe(probe, found.of(probe.command)));
  }
  inspection.tags = gather_tags(inspection.probes);
  // A tag that is too long is said now, before anything is written.
  platform_references(record.repository, tag_prefix(record.arch, record.variant), inspection.tags);
  for (const Section& section : description.sections) {
    inspection.sections.push_back({section.title,
                                   evaluate_section(section, section.headline, found),
                                   evaluate_section(section, section.commands, found)});
  }
  return inspection;
}

std::optional<Inspection> known_inspection(const ImageFolder& folder, const std::string& store,
                                           const std::string& config_digest,
                                           const InspectDescription& description) {
  const std::string digest = description.digest();
  auto known = Inspection::read_if_current(folder.inspection(), config_digest, digest);
  if (known) return known;
  return Inspection::read_if_current(store_path(store, config_digest, digest), config_digest,
                                     digest);
}

InspectResult inspect_image(const ImageFolder& folder, const OpenEngine& open_engine) {
  const BuildDescription build = BuildDescription::read(folder.build_description());
  const auto record = ImageRecord::read_if_present(folder.image_record());
  if (!record) {
    throw UserError("image '" + build.title() + "' has not been built", folder.build_command());
  }
  const InspectDescription description = InspectDescription::read(folder.inspect_description());
  const std::string store = StackFile::read(build.stack_file).store;

  InspectResult result;
  const auto known = known_inspection(folder, store, record->config_digest, description);
  result.ran = !known;
  result.command_count = description.commands().size();
  result.inspection = known ? *known : run_inspection(folder, description, *record, open_engine);
  write_outputs(folder, *record, description, build, result.inspection);
  if (result.ran) {
    write_file(store_path(store, record->config_digest, description.digest()),
               result.inspection.to_text());
  }
  return result;
}

}  // namespace cairn::stack
