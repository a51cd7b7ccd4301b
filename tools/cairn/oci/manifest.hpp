// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/digest.hpp"
#include "oci/platform.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
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

inline constexpr const char* kOciIndex = "application/vnd.oci.image.index.v1+json";
inline constexpr const char* kDockerList =
    "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr const char* kOciManifest = "application/vnd.oci.image.manifest.v1+json";
inline constexpr const char* kDockerManifest =
    "application/vnd.docker.distribution.manifest.v2+json";
/// The media types of configs (image-spec, media-types.md; distribution, manifest-v2-2.md).
inline constexpr const char* kOciConfig = "application/vnd.oci.image.config.v1+json";
inline constexpr const char* kDockerConfig = "application/vnd.docker.container.image.v1+json";

bool is_index_type(std::string_view media_type);
bool is_manifest_type(std::string_view media_type);

/// What registries take at least of a manifest (distribution-spec, "Pushing Manifests": 4 MiB), and
/// what is read of one at most.
inline constexpr std::size_t kLargestManifest = 4 << 20;

/// The media type that a document says of itself; else `told`, when that is one of a manifest or
/// index; else what its members say. Throws Error, naming `where`, for what is neither.
std::string media_type_of(std::string_view bytes, const std::string& told,
                          const std::string& where);

/// Throws Error, naming `where`, when a document says another type of itself than its descriptor:
/// a registry keeps it under that type, and an engine reads another type otherwise.
void check_media_type(std::string_view bytes, const Descriptor& descriptor,
                      const std::string& where);

/// Both throw Error, naming `where`, for what is no such document.
Index parse_index(std::string_view bytes, const std::string& where);
Manifest parse_manifest(std::string_view bytes, const std::string& where);

/// Throws Error, naming `where`, unless `media_type` is one of a manifest or index.
void require_document_type(const std::string& media_type, const std::string& where);

/// What a document names: the children of an index, or the layers of a manifest and behind them its
/// config. Throws Error, naming `where`, for what is neither.
std::vector<Descriptor> named_by(std::string_view bytes, const std::string& media_type,
                                 const std::string& where);

/// Throws Error, naming `where`, for what lies `depth` indexes deep, when nobody makes such.
void check_depth(int depth, const std::string& where);

/// `descriptor` as a document names it: media type, digest and size, without its platform.
nlohmann::json to_json(const Descriptor& descriptor);

}  // namespace cairn::oci
