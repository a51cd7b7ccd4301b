// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/digest.hpp"
#include "oci/platform.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::oci {

/// Points at a blob or manifest (image-spec, descriptor.md).
struct Descriptor {
  std::string media_type;
  Digest digest;
  std::uint64_t size = 0;
  std::optional<Platform> platform;  ///< in an index; none for attestations (`unknown/unknown`)
};

/// Several manifests under one digest: an OCI index or a docker manifest list.
struct Index {
  std::vector<Descriptor> manifests;
};

/// One platform's image: an OCI or docker (schema 2) manifest.
struct Manifest {
  Descriptor config;
  std::vector<Descriptor> layers;
};

/// The media types of manifests that a client must ask for, most general first
/// (distribution-spec, "Pulling manifests").
const std::vector<std::string>& manifest_media_types();

bool is_index_type(std::string_view media_type);
bool is_manifest_type(std::string_view media_type);

/// Both throw Error, naming `where`, for what is no such document.
Index parse_index(std::string_view bytes, const std::string& where);
Manifest parse_manifest(std::string_view bytes, const std::string& where);

}  // namespace cairn::oci
