// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/description.hpp"

#include "base/text.hpp"
#include "stack/model/document.hpp"
#include "stack/model/layout.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace cairn::stack {
namespace {

constexpr const char* kSchema = "cairn/release-description/1";
constexpr const char* kSuffix = ".release.json";

Skew parse_skew(const std::string& text, const std::string& target) {
  if (text == "withhold") return Skew::withhold;
  if (text == "partial") return Skew::partial;
  throw UserError(fmt::format("image '{}' has the unknown skew '{}'", target, text),
                  "write SKEW withhold or SKEW partial");
}

std::vector<oci::Platform> read_platforms(const Json& object, const std::string& target) {
  std::vector<oci::Platform> platforms;
  for (const std::string& text : strings_or_empty(object, "platforms")) {
    const oci::Platform platform = oci::Platform::parse(text);
    if (std::find(platforms.begin(), platforms.end(), platform) != platforms.end()) {
      throw UserError(
          fmt::format("image '{}' names the platform '{}' twice", target, platform.to_string()),
          "write each once: PLATFORMS linux/amd64 linux/arm64");
    }
    platforms.push_back(platform);
  }
  if (platforms.empty()) {
    throw UserError(fmt::format("image '{}' has no platform", target),
                    "write PLATFORMS linux/amd64 linux/arm64");
  }
  return platforms;
}

ReleaseImage read_image(const Json& object, const std::string& where) {
  ReleaseImage image;
  image.target = require_string(object, "target", where);
  image.image = require_string(object, "image", where);
  image.variant = string_or(object, "variant", "");
  image.repository = require_string(object, "repository", where);
  image.platforms = read_platforms(object, image.target);
  image.skew = parse_skew(string_or(object, "skew", "withhold"), image.target);
  image.latest_by = string_or(object, "latest_by", "");
  return image;
}

void require_pinned(const ReleaseDescription& release) {
  for (const std::string& tag : release.pinned) {
    if (std::find(release.tags.begin(), release.tags.end(), tag) == release.tags.end()) {
      throw UserError(fmt::format("pinned tag '{}' is none of the release tags", tag),
                      fmt::format("write RELEASE_TAGS {}", tag));
    }
    if (tag == "latest") {
      throw UserError("'latest' moves with every release and cannot be pinned",
                      "take it out of PINNED");
    }
  }
  if (!release.pinned_suffix.empty() && release.pinned_suffix.find("{n}") == std::string::npos) {
    throw UserError(fmt::format("pinned suffix '{}' has no '{{n}}'", release.pinned_suffix),
                    "write PINNED_SUFFIX .{n}");
  }
}

ReleaseDescription parse(const Json& object, const std::string& where) {
  ReleaseDescription release;
  release.stack = require_string(object, "stack", where);
  release.stack_file = require_string(object, "stack_file", where);
  release.store = require_string(object, "store", where);
  release.source_dir = require_string(object, "source_dir", where);
  release.root_repository = require_string(object, "root_repository", where);
  release.version = string_or(object, "version", "");
  release.tags = strings_or_empty(object, "tags");
  release.pinned = strings_or_empty(object, "pinned");
  release.pinned_suffix = string_or(object, "pinned_suffix", "");
  release.arch_tags = bool_or(object, "arch_tags", true);
  release.docker_types = bool_or(object, "docker_types", false);
  release.accept_emulated = bool_or(object, "accept_emulated", false);
  release.ca_bundle = string_or(object, "ca_bundle", "");
  release.plain_http = strings_or_empty(object, "plain_http");
  release.destinations = strings_or_empty(object, "destinations");
  for (const std::string& folder : strings_or_empty(object, "records"))
    release.records.emplace_back(folder);
  if (release.records.empty()) throw Error(where + ": expected a folder at 'records'");
  for (const Json& hook : object.value("hooks", Json::array())) {
    release.hooks.push_back(
        {require_string(hook, "name", where), strings_or_empty(hook, "command")});
  }
  release.anchor_tags = strings_or_empty(object, "anchor_tags");
  std::set<std::string> targets;
  for (const Json& item : object.at("images")) {
    release.images.push_back(read_image(item, where));
    const std::string& target = release.images.back().target;
    if (!targets.insert(target).second) {
      throw Error(fmt::format("{}: image '{}' is there twice", where, target));
    }
  }
  require_pinned(release);
  return release;
}

}  // namespace

ReleaseDescription ReleaseDescription::read(const std::filesystem::path& path) {
  return read_document(path, kSchema, WrittenBy::cmake, parse);
}

const ReleaseImage& ReleaseDescription::image(const std::string& target) const {
  std::vector<std::string> known;
  for (const ReleaseImage& one : images) {
    if (one.target == target) return one;
    known.push_back(one.target);
  }
  const auto near = did_you_mean(target, known);
  throw UserError(fmt::format("stack '{}' publishes no image '{}'", stack, target),
                  near ? "did you mean '" + *near + "'?" : "it publishes: " + join(known, ", "));
}

bool ReleaseDescription::publishes(const std::string& target) const {
  return std::any_of(images.begin(), images.end(),
                     [&](const ReleaseImage& one) { return one.target == target; });
}

std::vector<std::string> texts_of(const std::vector<oci::Platform>& platforms) {
  std::vector<std::string> texts;
  for (const oci::Platform& platform : platforms)
    texts.push_back(platform.to_string());
  return texts;
}

std::vector<std::filesystem::path> find_release_files(const std::filesystem::path& dir) {
  if (dir.string().ends_with(kSuffix)) return {dir};
  std::vector<std::filesystem::path> found = find_tree_files(dir, kSuffix);
  if (found.empty()) {
    throw UserError("no release of a stack in '" + dir.string() + "'",
                    "name a configured build folder: cairn release plan -C build/release");
  }
  return found;
}

}  // namespace cairn::stack
