// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "archive/compressor.hpp"
#include "oci/manifest.hpp"
#include "stack/model/description.hpp"
#include "stack/model/export_record.hpp"
#include "stack/model/image_record.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// Whose rules a config was written by. A manifest is of the family of its config: podman drops the
/// HEALTHCHECK of a docker config under an OCI manifest, and registries refuse some mixtures.
enum class ConfigFamily { docker, oci };

/// The family of a config whose engine says that it is `said`: docker's when it holds what the OCI
/// has no place for (Healthcheck, OnBuild, Shell). BuildKit writes such configs under either name.
ConfigFamily family_of(const std::string& config, ConfigFamily said);

std::string config_media_type(ConfigFamily family);
/// Nothing for a type that no engine gives a config.
std::optional<ConfigFamily> family_of_config(const std::string& media_type);
std::string manifest_media_type(ConfigFamily family);
/// Throws Error for docker's family and zstd: no such media type was ever registered.
std::string layer_media_type(ConfigFamily family, archive::Compression compression);
/// How a layer of one of these types is compressed.
archive::Compression compression_of_layer(const std::string& media_type);

/// The bytes of a platform's manifest: canonical JSON of what is given and of nothing else, so that
/// the same image on the same parent has the same digest for ever.
std::string compose_manifest(ConfigFamily family, const oci::Descriptor& config,
                             const std::vector<ExportedLayer>& layers,
                             const std::map<std::string, std::string>& annotations);

/// What a release says about an image beyond its config (image-spec, annotations.md): revision and
/// time of the build that made it, name and digest of what it stands on. Names are the declared
/// ones, wherever the image is published. `parent`: what the image stands on, when it is a member
/// of its stack.
std::map<std::string, std::string> annotations_of(const ImageRecord& image,
                                                  const ExportRecord* parent);

/// Throws Error unless `layers` begin with the layers of `parent`.
void require_stands_on(const std::string& title, const std::vector<ExportedLayer>& layers,
                       const ExportRecord& parent);

}  // namespace cairn::stack
