// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/merge.hpp"

#include "base/error.hpp"
#include "base/json.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace cairn::stack {
namespace {

using Annotations = std::map<std::string, std::string>;

Json to_json(const std::optional<oci::Platform>& platform) {
  // As BuildKit writes attestations, which are for no machine: no client ever takes one.
  if (!platform) return {{"architecture", "unknown"}, {"os", "unknown"}};
  Json object = {{"architecture", platform->architecture}, {"os", platform->os}};
  if (!platform->variant.empty()) object["variant"] = platform->variant;
  return object;
}

oci::Descriptor descriptor_of(const PlatformEvidence& platform) {
  oci::Descriptor descriptor = platform.exported.manifest;
  descriptor.platform = platform.platform;
  return descriptor;
}

/// What `value` gives for all platforms, when it is the same for all of them.
std::string common(const std::vector<PlatformEvidence>& platforms,
                   const std::function<std::string(const PlatformEvidence&)>& value) {
  std::string first = value(platforms.front());
  const bool same = std::all_of(platforms.begin(), platforms.end(),
                                [&](const PlatformEvidence& one) { return value(one) == first; });
  return same ? first : "";
}

std::string annotation_of(const PlatformEvidence& platform, const std::string& name) {
  const auto found = platform.exported.annotations.find(kAnnotationPrefix + name);
  return found == platform.exported.annotations.end() ? "" : found->second;
}

/// As annotations_of a platform's manifest, from the records alone: the same images give the same
/// index in every later release.
Annotations annotations_of(const std::vector<PlatformEvidence>& platforms,
                           const std::vector<MergedImage>& before) {
  Annotations annotations;
  const auto add = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) annotations[kAnnotationPrefix + name] = value;
  };
  std::string created;
  for (const PlatformEvidence& one : platforms)
    created = std::max(created, one.image.created);
  add("created", created);
  add("revision", common(platforms, [](const auto& one) { return one.image.whole_revision(); }));
  const std::string target = common(platforms, [](const auto& one) { return one.exported.parent; });
  const auto parent = std::find_if(before.begin(), before.end(), [&](const MergedImage& image) {
    return image.target == target;
  });
  if (parent != before.end()) {
    add("base.name", declared_name(parent->repository, parent->variant));
    add("base.digest", parent->index.descriptor.digest.to_string());
    return annotations;
  }
  add("base.name",
      common(platforms, [](const auto& one) { return annotation_of(one, "base.name"); }));
  // Of a base outside of the release the platforms know their own manifests at most.
  add("base.digest",
      common(platforms, [](const auto& one) { return annotation_of(one, "base.digest"); }));
  return annotations;
}

std::vector<PlatformEvidence> platforms_of(const ReleaseImage& image, const Evidence& evidence) {
  std::vector<PlatformEvidence> platforms;
  for (const oci::Platform& platform : image.platforms) {
    const auto found = evidence.platforms.find({image.target, platform});
    if (found == evidence.platforms.end()) {
      throw Error(
          fmt::format("merging '{}': nothing is known of {}", image.target, platform.to_string()));
    }
    platforms.push_back(found->second);
  }
  return platforms;
}

}  // namespace

ComposedIndex compose_index(const std::vector<oci::Descriptor>& manifests,
                            const Annotations& annotations, bool docker_types) {
  const std::string type = docker_types ? oci::kDockerList : oci::kOciIndex;
  Json index = {{"schemaVersion", 2}, {"mediaType", type}, {"manifests", Json::array()}};
  std::vector<oci::Platform> platforms;
  for (const oci::Descriptor& manifest : manifests) {
    Json entry = oci::to_json(manifest);
    entry["platform"] = to_json(manifest.platform);
    index["manifests"].push_back(std::move(entry));
    if (!manifest.platform) continue;
    if (std::find(platforms.begin(), platforms.end(), *manifest.platform) != platforms.end()) {
      throw Error(
          fmt::format("an index cannot hold two manifests for {}", manifest.platform->to_string()));
    }
    platforms.push_back(*manifest.platform);
  }
  // docker's list has no room for them (distribution, manifest-v2-2.md "Manifest List").
  if (!annotations.empty() && !docker_types) index["annotations"] = annotations;
  std::string bytes = canonical_json(index);
  return {{type, oci::Digest::of(bytes), bytes.size(), std::nullopt},
          std::move(bytes),
          std::move(platforms)};
}

std::vector<MergedImage> merge(const ReleaseDescription& description, const Evidence& evidence) {
  std::vector<MergedImage> merged;
  for (const ReleaseImage& image : description.images) {
    const auto& out = evidence.left_out;
    if (std::find(out.begin(), out.end(), image.target) != out.end()) continue;
    const std::vector<PlatformEvidence> platforms = platforms_of(image, evidence);
    std::vector<oci::Descriptor> manifests;
    for (const PlatformEvidence& platform : platforms)
      manifests.push_back(descriptor_of(platform));
    merged.push_back(
        {image.target, image.image, image.variant, image.repository,
         compose_index(manifests, annotations_of(platforms, merged), description.docker_types),
         platforms});
  }
  return merged;
}

ComposedIndex partial_index(const MergedImage& image, const std::vector<oci::Platform>& platforms,
                            bool docker_types) {
  std::vector<oci::Descriptor> manifests;
  for (const PlatformEvidence& one : image.platforms) {
    if (std::find(platforms.begin(), platforms.end(), one.platform) != platforms.end())
      manifests.push_back(descriptor_of(one));
  }
  if (manifests.size() != platforms.size()) {
    throw Error(fmt::format("an index of '{}' was asked for that it has not all platforms of",
                            image.target));
  }
  return compose_index(
      manifests, string_map_or_empty(Json::parse(image.index.bytes), "annotations"), docker_types);
}

}  // namespace cairn::stack
