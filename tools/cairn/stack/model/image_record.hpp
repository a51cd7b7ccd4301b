// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/description.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

struct ParentRecord {
  std::string target;
  std::string identity;
  std::string config_digest;
  std::string build_key;
};

struct BaseRecord {
  std::string reference;
  std::string identity;
};

/// What a build produced: image.json (schema cairn/image-record/1).
struct ImageRecord {
  std::string stack, target, image, variant, repository, platform, arch;
  std::string engine_id;      ///< how to ask the engine for it
  std::string config_digest;  ///< what was built, whatever the engine calls it
  std::string identity;       ///< content identity, 64 hex
  std::string build_key, input_key, source_key;
  std::string endpoint;  ///< identity of the endpoint that holds it
  std::string created;   ///< RFC 3339, when this build ended
  std::uint64_t size = 0;
  std::string bound_name, local_name;
  std::vector<ParentRecord> parents;
  std::vector<BaseRecord> bases;
  /// What the last stage stands on: a parent's target or an external reference. Empty for scratch
  /// and in records of before it was noted.
  std::string base;
  double seconds = 0;
  std::string revision;  ///< git commit of the source tree, or empty
  bool healthcheck = false;
  bool generated = false;  ///< it holds files that the build made, which no source key covers
  bool dirty = false;      ///< `revision` lacks changes that the source tree had

  static ImageRecord read(const std::filesystem::path& path);
  static std::optional<ImageRecord> read_if_present(const std::filesystem::path& path);
  std::string to_text() const;  ///< the file's content

  /// Whether it bears the names that the image is declared with: those of its stack and repository,
  /// and the engine's. They decide nothing about the content.
  bool is_named_as(const BuildDescription& image) const;

  /// `revision` when it has all that the image was built of, else empty.
  std::string whole_revision() const { return dirty ? std::string() : revision; }

  /// The parent that `base` names; nothing when the image stands on none.
  const ParentRecord* base_parent() const;
};

}  // namespace cairn::stack
