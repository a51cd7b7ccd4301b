// SPDX-License-Identifier: BSD-3-Clause
#include "oci/manifest.hpp"

#include "base/error.hpp"
#include "base/json.hpp"

#include <utility>

namespace cairn::oci {
namespace {

constexpr int kDeepest = 8;  // of indexes in indexes

std::optional<Platform> read_platform(const Json& object, const std::string& where) {
  const auto found = object.find("platform");
  if (found == object.end()) return std::nullopt;
  const std::string os = require_string(*found, "os", where);
  // BuildKit's attestations (docs/attestations/attestation-storage.md) are for no machine.
  if (os == "unknown") return std::nullopt;
  const std::string variant = string_or(*found, "variant", "");
  return Platform::parse(os + "/" + require_string(*found, "architecture", where) +
                         (variant.empty() ? "" : "/" + variant));
}

Descriptor read_descriptor(const Json& object, const std::string& where) {
  const auto size = object.find("size");
  if (size == object.end() || !size->is_number_unsigned()) {
    throw Error(where + ": expected a size of a descriptor");
  }
  return {require_string(object, "mediaType", where),
          Digest::parse(require_string(object, "digest", where)), size->get<std::uint64_t>(),
          read_platform(object, where)};
}

std::vector<Descriptor> read_descriptors(const Json& object, const char* key,
                                         const std::string& where) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) {
    throw Error(where + ": expected a list at '" + key + "'");
  }
  std::vector<Descriptor> all;
  for (const Json& item : *found)
    all.push_back(read_descriptor(item, where));
  return all;
}

Json parse_document(std::string_view bytes, const std::string& where) {
  Json document = Json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) throw Error(where + ": expected a JSON object");
  return document;
}

}  // namespace

const std::vector<std::string>& manifest_media_types() {
  static const std::vector<std::string> all{kOciIndex, kDockerList, kOciManifest, kDockerManifest};
  return all;
}

bool is_index_type(std::string_view media_type) {
  return media_type == kOciIndex || media_type == kDockerList;
}

bool is_manifest_type(std::string_view media_type) {
  return media_type == kOciManifest || media_type == kDockerManifest;
}

std::string media_type_of(std::string_view bytes, const std::string& told,
                          const std::string& where) {
  const Json document = parse_document(bytes, where);
  const std::string own = string_or(document, "mediaType", "");
  if (is_index_type(own) || is_manifest_type(own)) return own;
  if (own.empty() && (is_index_type(told) || is_manifest_type(told))) return told;
  // Only OCI's own documents may leave it out (image-spec, manifest.md).
  if (own.empty() && document.contains("manifests")) return kOciIndex;
  if (own.empty() && document.contains("layers")) return kOciManifest;
  throw Error(where + ": '" + (own.empty() ? told : own) + "' is no type of a manifest or index");
}

void check_media_type(std::string_view bytes, const Descriptor& descriptor,
                      const std::string& where) {
  const std::string own =
      string_or(parse_document(bytes, where), "mediaType", descriptor.media_type);
  if (own != descriptor.media_type) {
    throw Error(where + ": it says that it is '" + own + "', its descriptor '" +
                descriptor.media_type + "'");
  }
}

Index parse_index(std::string_view bytes, const std::string& where) {
  return {read_descriptors(parse_document(bytes, where), "manifests", where)};
}

Manifest parse_manifest(std::string_view bytes, const std::string& where) {
  const Json document = parse_document(bytes, where);
  const auto config = document.find("config");
  if (config == document.end()) throw Error(where + ": expected an object at 'config'");
  return {read_descriptor(*config, where), read_descriptors(document, "layers", where)};
}

void require_document_type(const std::string& media_type, const std::string& where) {
  if (is_index_type(media_type) || is_manifest_type(media_type)) return;
  throw Error(where + ": '" + media_type + "' is no type of a manifest or index");
}

std::vector<Descriptor> named_by(std::string_view bytes, const std::string& media_type,
                                 const std::string& where) {
  require_document_type(media_type, where);
  if (is_index_type(media_type)) return parse_index(bytes, where).manifests;
  Manifest manifest = parse_manifest(bytes, where);
  manifest.layers.push_back(std::move(manifest.config));
  return std::move(manifest.layers);
}

void check_depth(int depth, const std::string& where) {
  if (depth > kDeepest) throw Error(where + ": indexes in indexes, too deep");
}

Json to_json(const Descriptor& descriptor) {
  return {{"mediaType", descriptor.media_type},
          {"digest", descriptor.digest.to_string()},
          {"size", descriptor.size}};
}

}  // namespace cairn::oci
