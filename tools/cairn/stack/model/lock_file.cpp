// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/lock_file.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "oci/reference.hpp"

namespace cairn::stack {
namespace {

constexpr const char* kSchema = "cairn/lock/1";

LockedBase read_base(const Json& object, const std::string& where) {
  LockedBase base{oci::Digest::parse(require_string(object, "digest", where)), {}};
  for (const auto& [platform, digest] : string_map_or_empty(object, "platforms")) {
    base.platforms.emplace(oci::Platform::parse(platform), oci::Digest::parse(digest));
  }
  return base;
}

}  // namespace

LockFile LockFile::read(const std::filesystem::path& path) {
  LockFile lock;
  lock.path = path;
  if (path.empty() || !std::filesystem::exists(path)) return lock;
  const std::string where = path.string();
  const Json object = read_json(path);
  require_schema(object, kSchema, where);
  const auto bases = object.find("bases");
  if (bases == object.end() || !bases->is_object()) {
    throw UserError(where + ": expected an object at 'bases'", "make it anew: cairn lock --update");
  }
  for (const auto& [reference, base] : bases->items()) {
    lock.bases.emplace(reference, read_base(base, where + ": '" + reference + "'"));
  }
  return lock;
}

std::string LockFile::to_text() const {
  Json object = {{"schema", kSchema}, {"bases", Json::object()}};
  for (const auto& [reference, base] : bases) {
    Json platforms = Json::object();
    for (const auto& [platform, digest] : base.platforms) {
      platforms[platform.to_string()] = digest.to_string();
    }
    object["bases"][reference] = {{"digest", base.digest.to_string()}, {"platforms", platforms}};
  }
  return pretty_json(object);
}

std::optional<std::string> LockFile::pinned(const std::string& reference,
                                            const oci::Platform& platform) const {
  const auto base = bases.find(reference);
  if (base == bases.end()) return std::nullopt;
  const auto digest = base->second.platforms.find(platform);
  if (digest == base->second.platforms.end()) {
    throw UserError(
        "'" + reference + "' is locked in '" + path.string() + "' without " + platform.to_string(),
        "look for it again: cairn lock --update " + reference);
  }
  return oci::Reference::parse(reference).repository() + "@" + digest->second.to_string();
}

}  // namespace cairn::stack
