// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/manifest.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// What the names of an image's annotations begin with (image-spec, annotations.md).
inline constexpr const char* kAnnotationPrefix = "org.opencontainers.image.";

/// `quay.io/me/web:latest`, or the variant's tag: how users name an image, and how annotations do.
std::string declared_name(const std::string& repository, const std::string& variant);

/// A compressed layer and what it is when unpacked.
struct ExportedLayer {
  oci::Descriptor blob;
  oci::Digest diff_id;
  std::string made_by;  ///< isa-l, zlib, zstd or engine
};

/// What an export put into the store: export.json (schema cairn/export/1). The blobs named in it
/// are kept by `cairn store gc` as long as it stands.
struct ExportRecord {
  std::string stack, target, image, variant, repository, platform, arch;
  std::string engine_id;  ///< what was exported, as its engine calls it
  std::string identity;   ///< its content identity, 64 hex
  oci::Descriptor manifest;
  oci::Descriptor config;
  std::vector<ExportedLayer> layers;               ///< bottom first
  std::map<std::string, std::string> annotations;  ///< of the manifest
  std::string parent;                              ///< target of the parent it stands on, or empty
  std::string parent_manifest;                     ///< digest of the parent's manifest, or empty
  /// The manifest by which a containerd store knows the image; `manifest` says more than it.
  std::optional<oci::Descriptor> engine_manifest = {};

  static ExportRecord read(const std::filesystem::path& path);
  static std::optional<ExportRecord> read_if_present(const std::filesystem::path& path);
  std::string to_text() const;  ///< the file's content
};

}  // namespace cairn::stack
