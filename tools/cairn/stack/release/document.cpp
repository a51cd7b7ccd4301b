// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/document.hpp"

#include "base/base64.hpp"
#include "oci/digest.hpp"
#include "oci/reference.hpp"
#include "stack/model/document.hpp"
#include "stack/release/description.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::stack {
namespace {

constexpr const char* kSchema = "cairn/release/1";

constexpr std::array<std::pair<std::string_view, ReleaseState>, 3> kStates{
    {{"leased", ReleaseState::leased},
     {"open", ReleaseState::open},
     {"closed", ReleaseState::closed}}};

Json to_json(const DocumentTag& tag) {
  Json object = {{"repository", tag.repository},
                 {"tag", tag.tag},
                 {"kind", tag.kind},
                 {"target", tag.target},
                 {"old_digest", tag.old_digest},
                 {"new_digest", tag.new_digest},
                 {"new_media_type", tag.new_media_type},
                 {"moves", tag.moves},
                 {"platforms", texts_of(tag.platforms)},
                 {"probe", tag.probe},
                 {"version", tag.version},
                 {"created", tag.created}};
  if (tag.pinned) object["pinned"] = true;
  return object;
}

Json to_json(const DocumentImage& image) {
  Json platforms = Json::array();
  for (const DocumentImage::Platform& one : image.platforms) {
    platforms.push_back({{"platform", one.platform.to_string()},
                         {"manifest_digest", one.manifest_digest},
                         {"config_digest", one.config_digest},
                         {"tests", one.tests},
                         {"passed", one.passed},
                         {"revision", one.revision}});
  }
  return {{"target", image.target},
          {"repository", image.repository},
          {"variant", image.variant},
          {"index_digest", image.index_digest},
          {"platforms", platforms}};
}

/// Most tags that are carried name what others name: said once for all of them.
Json to_json(const std::vector<DocumentTag>& carried) {
  Json groups = Json::array();
  std::map<std::string, std::size_t> known;
  for (const DocumentTag& tag : carried) {
    Json group = {{"repository", tag.repository},
                  {"kind", tag.kind},
                  {"target", tag.target},
                  {"digest", tag.new_digest},
                  {"platforms", texts_of(tag.platforms)}};
    if (tag.pinned) group["pinned"] = true;
    if (tag.created != 0) group["created"] = tag.created;
    const auto [at, is_new] = known.emplace(group.dump(), groups.size());
    if (is_new) groups.push_back(std::move(group));
    Json facts = Json::object();
    if (!tag.probe.empty()) facts["probe"] = tag.probe;
    if (!tag.version.empty()) facts["version"] = tag.version;
    groups[at->second]["tags"][tag.tag] = std::move(facts);
  }
  return groups;
}

/// What a registry gave is written to registries again: nothing but digests and tags may come out.
std::string read_digest(const Json& object, const char* key, const std::string& where,
                        bool may_be_empty) {
  std::string text = require_string(object, key, where);
  if (!(may_be_empty && text.empty())) oci::Digest::parse(text);
  return text;
}

std::string read_repository(const Json& object, const std::string& where) {
  std::string text = require_string(object, "repository", where);
  const oci::Reference reference = oci::Reference::parse(text);
  if (!reference.tag.empty() || !reference.digest.empty()) {
    throw Error(fmt::format("{}: '{}' is no repository", where, text));
  }
  return text;
}

const std::string& require_tag(const std::string& tag, const std::string& where) {
  if (!oci::is_valid_tag(tag)) throw Error(fmt::format("{}: '{}' is no tag", where, tag));
  return tag;
}

DocumentTag read_tag(const Json& object, const std::string& where) {
  DocumentTag tag;
  tag.repository = read_repository(object, where);
  tag.tag = require_tag(require_string(object, "tag", where), where);
  tag.kind = require_string(object, "kind", where);
  tag.target = require_string(object, "target", where);
  tag.old_digest = read_digest(object, "old_digest", where, true);
  tag.new_digest = read_digest(object, "new_digest", where, false);
  tag.new_media_type = require_string(object, "new_media_type", where);
  tag.moves = object.at("moves").get<bool>();
  for (const std::string& platform : strings_or_empty(object, "platforms"))
    tag.platforms.push_back(oci::Platform::parse(platform));
  tag.probe = string_or(object, "probe", "");
  tag.version = string_or(object, "version", "");
  tag.created = object.value("created", std::int64_t{0});
  tag.pinned = object.value("pinned", false);
  return tag;
}

void read_group(const Json& object, const std::string& where, std::vector<DocumentTag>& tags) {
  DocumentTag tag;
  tag.repository = read_repository(object, where);
  tag.kind = require_string(object, "kind", where);
  tag.target = require_string(object, "target", where);
  tag.old_digest = tag.new_digest = read_digest(object, "digest", where, false);
  tag.moves = false;
  for (const std::string& platform : strings_or_empty(object, "platforms"))
    tag.platforms.push_back(oci::Platform::parse(platform));
  tag.created = object.value("created", std::int64_t{0});
  tag.pinned = object.value("pinned", false);
  for (const auto& [name, facts] : object.at("tags").items()) {
    tag.tag = require_tag(name, where);
    tag.probe = string_or(facts, "probe", "");
    tag.version = string_or(facts, "version", "");
    tags.push_back(tag);
  }
}

DocumentImage read_image(const Json& object, const std::string& where) {
  DocumentImage image;
  image.target = require_string(object, "target", where);
  image.repository = read_repository(object, where);
  image.variant = string_or(object, "variant", "");
  image.index_digest = read_digest(object, "index_digest", where, false);
  for (const Json& item : object.at("platforms")) {
    image.platforms.push_back({oci::Platform::parse(require_string(item, "platform", where)),
                               read_digest(item, "manifest_digest", where, false),
                               read_digest(item, "config_digest", where, false),
                               int_or(item, "tests", 0), int_or(item, "passed", 0),
                               string_or(item, "revision", "")});
  }
  return image;
}

/// A first release carries nothing.
Carried read_carried(const Json& object, const std::string& where) {
  Carried carried;
  const auto found = object.find("carried");
  if (found == object.end()) return carried;
  for (const Json& item : found->at("images"))
    carried.images.push_back(read_image(item, where));
  for (const Json& item : found->at("tags"))
    read_group(item, where, carried.tags);
  return carried;
}

std::map<std::string, std::string> read_documents(const Json& object, const std::string& where) {
  std::map<std::string, std::string> documents;
  for (const auto& [digest, text] : string_map_or_empty(object, "documents")) {
    const auto bytes = decode_base64(text);
    if (!bytes || oci::Digest::of(*bytes) != oci::Digest::parse(digest)) {
      throw Error(fmt::format("{}: the bytes kept for '{}' are others", where, digest));
    }
    documents.emplace(digest, *bytes);
  }
  return documents;
}

ReleaseState read_state(const Json& object, const std::string& where) {
  const std::string text = require_string(object, "state", where);
  for (const auto& [name, state] : kStates) {
    if (text == name) return state;
  }
  throw Error(fmt::format("{}: unknown state '{}'", where, text));
}

ReleaseDocument read_release(const Json& object, const std::string& where) {
  ReleaseDocument release;
  release.id = require_string(object, "id", where);
  release.stack = require_string(object, "stack", where);
  release.state = read_state(object, where);
  release.kind = require_string(object, "kind", where);
  if (release.kind != "publish" && release.kind != "rollback") {
    throw Error(fmt::format("{}: unknown kind '{}'", where, release.kind));
  }
  release.undoes = string_or(object, "undoes", "");
  release.holder = require_string(object, "holder", where);
  release.renewed = require_string(object, "renewed", where);
  release.ttl = object.at("ttl").get<int>();
  release.previous = read_digest(object, "previous", where, true);
  release.former = string_or(object, "former", "");
  release.commit = string_or(object, "commit", "");
  release.version = string_or(object, "version", "");
  release.time = object.at("time").get<std::int64_t>();
  for (const Json& item : object.at("images"))
    release.images.push_back(read_image(item, where));
  for (const Json& item : object.at("tags"))
    release.tags.push_back(read_tag(item, where));
  release.carried = read_carried(object, where);
  release.documents = read_documents(object, where);
  return release;
}

}  // namespace

std::string to_string(ReleaseState state) {
  const auto* found = std::find_if(kStates.begin(), kStates.end(),
                                   [state](const auto& entry) { return entry.second == state; });
  return std::string(found->first);
}

void DocumentTag::take_facts(const DocumentTag* said) {
  platforms = said != nullptr ? said->platforms : std::vector<oci::Platform>();
  probe = said != nullptr ? said->probe : "";
  version = said != nullptr ? said->version : "";
  created = said != nullptr ? said->created : 0;
}

const DocumentTag* ReleaseDocument::find_tag(const std::string& repository,
                                             const std::string& tag) const {
  for (const auto* all : {&tags, &carried.tags}) {
    for (const DocumentTag& one : *all) {
      if (one.tag == tag && one.repository == repository) return &one;
    }
  }
  return nullptr;
}

std::string ReleaseDocument::to_text() const {
  Json object = {{"schema", kSchema},
                 {"id", id},
                 {"stack", stack},
                 {"state", to_string(state)},
                 {"kind", kind},
                 {"undoes", undoes},
                 {"holder", holder},
                 {"renewed", renewed},
                 {"ttl", ttl},
                 {"previous", previous},
                 {"commit", commit},
                 {"version", version},
                 {"time", time},
                 {"images", Json::array()},
                 {"tags", Json::array()},
                 {"documents", Json::object()}};
  if (!former.empty()) object["former"] = former;
  for (const DocumentImage& image : images)
    object["images"].push_back(to_json(image));
  for (const DocumentTag& tag : tags)
    object["tags"].push_back(to_json(tag));
  if (!carried.images.empty() || !carried.tags.empty()) {
    object["carried"] = {{"images", Json::array()}, {"tags", to_json(carried.tags)}};
    for (const DocumentImage& image : carried.images)
      object["carried"]["images"].push_back(to_json(image));
  }
  // As Base64: a foreign index may be anything, and its digest is that of every byte.
  for (const auto& [digest, bytes] : documents)
    object["documents"][digest] = encode_base64(bytes);
  return canonical_json(object);
}

ReleaseDocument ReleaseDocument::parse(const std::string& text, const std::string& where) {
  const Json object = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto schema = object.is_object() ? object.find("schema") : object.end();
  if (schema == object.end() || !schema->is_string()) {
    throw Error(where + ": not a release document");
  }
  if (*schema != kSchema) {
    throw UserError(fmt::format("{} is of schema '{}', and this Cairn knows '{}'", where,
                                schema->get<std::string>(), kSchema),
                    "use the Cairn that wrote it, or a newer one");
  }
  return parse_document(object, kSchema, where, read_release);
}

}  // namespace cairn::stack
