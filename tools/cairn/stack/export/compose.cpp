// SPDX-License-Identifier: BSD-3-Clause
#include "stack/export/compose.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "oci/reference.hpp"

#include <algorithm>

namespace cairn::stack {
ConfigFamily family_of(const std::string& config, ConfigFamily said) {
  const Json document = Json::parse(config, nullptr, false);
  const Json inner = document.is_object() ? document.value("config", Json()) : Json();
  if (!inner.is_object()) return said;
  for (const char* member : {"Healthcheck", "OnBuild", "Shell"}) {
    const auto found = inner.find(member);
    if (found != inner.end() && !found->is_null() && !found->empty()) return ConfigFamily::docker;
  }
  return said;
}

std::string config_media_type(ConfigFamily family) {
  return family == ConfigFamily::docker ? oci::kDockerConfig : oci::kOciConfig;
}

std::optional<ConfigFamily> family_of_config(const std::string& media_type) {
  for (const ConfigFamily family : {ConfigFamily::docker, ConfigFamily::oci}) {
    if (media_type == config_media_type(family)) return family;
  }
  return std::nullopt;
}

std::string manifest_media_type(ConfigFamily family) {
  return family == ConfigFamily::docker ? oci::kDockerManifest : oci::kOciManifest;
}

std::string layer_media_type(ConfigFamily family, archive::Compression compression) {
  if (family == ConfigFamily::oci) {
    return "application/vnd.oci.image.layer.v1.tar+" + archive::to_string(compression);
  }
  if (compression == archive::Compression::gzip) {
    return "application/vnd.docker.image.rootfs.diff.tar.gzip";
  }
  throw Error("layers of an image with a docker config cannot be compressed by zstd");
}

archive::Compression compression_of_layer(const std::string& media_type) {
  return media_type == layer_media_type(ConfigFamily::oci, archive::Compression::zstd)
             ? archive::Compression::zstd
             : archive::Compression::gzip;
}

std::string compose_manifest(ConfigFamily family, const oci::Descriptor& config,
                             const std::vector<ExportedLayer>& layers,
                             const std::map<std::string, std::string>& annotations) {
  Json manifest = {{"schemaVersion", 2},
                   {"mediaType", manifest_media_type(family)},
                   {"config", to_json(config)},
                   {"layers", Json::array()}};
  for (const ExportedLayer& layer : layers)
    manifest["layers"].push_back(to_json(layer.blob));
  if (!annotations.empty()) manifest["annotations"] = annotations;
  return canonical_json(manifest);
}

std::map<std::string, std::string> annotations_of(const ImageRecord& image,
                                                  const ExportRecord* parent) {
  std::map<std::string, std::string> annotations;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) annotations[kAnnotationPrefix + std::string(name)] = value;
  };
  add("revision", image.whole_revision());
  add("created", image.created);
  if (parent != nullptr) {
    add("base.name", declared_name(parent->repository, parent->variant));
    add("base.digest", parent->manifest.digest.to_string());
  } else if (!image.base.empty()) {
    const oci::Reference base = oci::Reference::parse(image.base);
    add("base.name", base.to_string());
    add("base.digest", base.digest);
  }
  return annotations;
}

void require_stands_on(const std::string& title, const std::vector<ExportedLayer>& layers,
                       const ExportRecord& parent) {
  const bool stands = layers.size() >= parent.layers.size() &&
                      std::equal(parent.layers.begin(), parent.layers.end(), layers.begin(),
                                 [](const ExportedLayer& a, const ExportedLayer& b) {
                                   return a.diff_id == b.diff_id && a.blob.digest == b.blob.digest;
                                 });
  if (stands) return;
  throw UserError("'" + title + "' does not stand on the exported '" + parent.target +
                      "': its layers do not begin with that image's",
                  "build it again: cairn build --force " + title);
}

}  // namespace cairn::stack
