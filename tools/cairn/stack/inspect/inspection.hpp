// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/inspect/probe.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/inspect_description.hpp"
#include "stack/model/layout.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

struct SectionOutput {
  std::vector<std::string> command;
  std::string output;  ///< stdout, or stderr when that is empty
};

struct SectionResult {
  std::string title;
  std::vector<SectionOutput> headline;
  std::vector<SectionOutput> commands;
};

/// What was seen in one image: inspection.json (schema cairn/inspection/1).
struct Inspection {
  std::string target;
  std::string config_digest;
  std::string platform;
  std::string description;  ///< InspectDescription::digest() of what was asked
  std::vector<ProbeResult> probes;
  std::vector<SectionResult> sections;
  std::vector<std::string> tags;  ///< without the prefix of platform and variant
  double seconds = 0;

  /// The record at `path` when it answers for this image and description, else nothing. A file
  /// that cannot be read as one is nothing too: it is made again.
  static std::optional<Inspection> read_if_current(const std::filesystem::path& path,
                                                   const std::string& config_digest,
                                                   const std::string& description);
  std::string to_text() const;
};

/// Opens the engine of an image folder; called only when a container must run.
using OpenEngine = std::function<std::unique_ptr<engine::Engine>()>;

/// Makes an inspection of what the commands of `description` gave, in the order of its commands().
/// Throws UserError for a probe or section that failed, and for tags that cannot be.
Inspection evaluate(const InspectDescription& description, const ImageRecord& record,
                    const std::vector<CommandOutput>& outputs);

struct InspectResult {
  Inspection inspection;
  bool ran = false;  ///< false: the record was there already
  std::size_t command_count = 0;
};

/// The inspection of the image `config_digest` by `description`, when it was made before: in this
/// folder or in the store.
std::optional<Inspection> known_inspection(const ImageFolder& folder, const std::string& store,
                                           const std::string& config_digest,
                                           const InspectDescription& description);

/// Brings inspection.json, tags.txt, manifest.md and history.md of an image folder up to date;
/// each is written only when its content changes. An image already inspected, in this folder or
/// in the store, costs no container.
InspectResult inspect_image(const ImageFolder& folder, const OpenEngine& open_engine);

}  // namespace cairn::stack
