// SPDX-License-Identifier: BSD-3-Clause
#include "engine/image_json.hpp"

#include "base/error.hpp"
#include "oci/manifest.hpp"
#include "oci/reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace cairn::engine {
namespace {

std::vector<std::string> names_of(const Json& object, const char* key) {
  std::vector<std::string> names;
  for (const std::string& name : strings_or_empty(object, key)) {
    if (name.find("<none>") == std::string::npos) names.push_back(canonical_name(name));
  }
  return names;
}

std::uint64_t size_of(const Json& object, const char* key) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(number_at(object, key), 0));
}

template <typename Read>
std::vector<ListedImage> read_all(const Json& images, Read read) {
  std::vector<ListedImage> all;
  if (!images.is_array()) return all;
  all.reserve(images.size());
  for (const Json& image : images)
    all.push_back(read(image));
  return all;
}

// strings_or_empty refuses null, which all engines write for an empty list.
Json without_nulls(const Json& object) {
  Json kept = Json::object();
  for (const auto& [key, value] : object.items()) {
    if (!value.is_null()) kept[key] = value;
  }
  return kept;
}

// `history` of a config document, `History` of `podman image inspect`.
std::vector<std::string> history_of(const Json& document) {
  std::vector<std::string> steps;
  for (const char* key : {"history", "History"}) {
    const auto found = document.find(key);
    if (found == document.end() || !found->is_array()) continue;
    for (const Json& step : *found)
      steps.push_back(canonical_json(step));
    break;
  }
  return steps;
}

}  // namespace

std::string full_id(const std::string& id) {
  return id.empty() || id.find(':') != std::string::npos ? id : "sha256:" + id;
}

std::string canonical_name(const std::string& name) {
  try {
    return oci::Reference::parse(name).to_string();
  } catch (const Error&) {
    return name;
  }
}

std::uint64_t parse_size(std::string_view text) {
  const std::string copy(text);
  char* end = nullptr;
  const double number = std::strtod(copy.c_str(), &end);
  while (*end == ' ')
    ++end;
  double factor = 1;
  switch (*end) {
    case 'k':
    case 'K':
      factor = 1e3;
      break;
    case 'M':
      factor = 1e6;
      break;
    case 'G':
      factor = 1e9;
      break;
    case 'T':
      factor = 1e12;
      break;
    default:
      break;
  }
  return number <= 0 ? 0 : static_cast<std::uint64_t>(std::llround(number * factor));
}

std::vector<ListedImage> docker_list(const Json& images) {
  return read_all(images, [](const Json& raw) {
    const Json image = without_nulls(raw);
    return ListedImage{string_or(image, "Id", ""), names_of(image, "RepoTags"),
                       size_of(image, "Size")};
  });
}

std::vector<ListedImage> podman_list(const Json& images) {
  return read_all(images, [](const Json& raw) {
    const Json image = without_nulls(raw);
    return ListedImage{full_id(string_or(image, "Id", "")), names_of(image, "Names"),
                       size_of(image, "Size")};
  });
}

std::vector<ListedImage> buildah_list(const Json& images) {
  return read_all(images, [](const Json& raw) {
    const Json image = without_nulls(raw);
    return ListedImage{full_id(string_or(image, "id", "")), names_of(image, "names"),
                       parse_size(string_or(image, "size", ""))};
  });
}

ImageInfo docker_image(const Json& raw) {
  const Json image = without_nulls(raw);
  ImageInfo info;
  info.id = string_or(image, "Id", "");
  info.config_digest = info.id;
  info.config_media_type = oci::kDockerConfig;
  info.names = names_of(image, "RepoTags");
  info.repo_digests = names_of(image, "RepoDigests");
  info.size = size_of(image, "Size");
  info.created = string_or(image, "Created", "");
  info.config = oci::ImageConfig::from_json(image);
  return info;
}

ImageInfo podman_image(const Json& raw, const Json& config) {
  ImageInfo info = docker_image(raw);
  info.id = full_id(info.id);
  info.config_digest = info.id;
  const bool is_oci = string_or(raw, "ManifestType", "") == oci::kOciManifest;
  info.config_media_type = is_oci ? oci::kOciConfig : oci::kDockerConfig;
  info.config = oci::ImageConfig::from_json(config);
  info.history = history_of(config);
  return info;
}

ImageInfo buildah_image(const Json& raw) {
  const Json image = without_nulls(raw);
  ImageInfo info;
  info.id = full_id(string_or(image, "FromImageID", ""));
  info.config_digest = info.id;
  // The config's own bytes, where buildah shows them: its Docker part is a translation.
  const Json config = Json::parse(string_or(image, "Config", ""), nullptr, false);
  if (!config.is_object() && !image.contains("Docker")) {
    throw Error("buildah says nothing of the image's config");
  }
  const Json& document = config.is_object() ? config : image.at("Docker");
  info.config = oci::ImageConfig::from_json(document);
  info.history = history_of(document);
  info.created = string_or(without_nulls(document), "created", "");
  const Json manifest = Json::parse(string_or(image, "Manifest", ""), nullptr, false);
  if (!manifest.is_object()) return info;
  info.config_media_type = string_or(manifest.value("config", Json::object()), "mediaType", "");
  if (manifest.contains("layers")) {
    for (const Json& layer : manifest["layers"])
      info.size += size_of(layer, "size");
  }
  return info;
}

}  // namespace cairn::engine
