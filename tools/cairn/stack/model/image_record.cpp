// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/image_record.hpp"

#include "stack/model/document.hpp"

#include <algorithm>

namespace cairn::stack {
namespace {

constexpr const char* kSchema = "cairn/image-record/1";

ImageRecord parse(const Json& object, const std::string& where) {
  ImageRecord record;
  record.stack = require_string(object, "stack", where);
  record.target = require_string(object, "target", where);
  record.image = require_string(object, "image", where);
  record.variant = string_or(object, "variant", "");
  record.repository = require_string(object, "repository", where);
  record.platform = require_string(object, "platform", where);
  record.arch = require_string(object, "arch", where);
  record.engine_id = require_string(object, "engine_id", where);
  record.config_digest = require_string(object, "config_digest", where);
  record.identity = require_string(object, "identity", where);
  record.build_key = require_string(object, "build_key", where);
  record.input_key = require_string(object, "input_key", where);
  record.source_key = require_string(object, "source_key", where);
  record.endpoint = require_string(object, "endpoint", where);
  record.created = require_string(object, "created", where);
  record.size = object.value("size", std::uint64_t{0});
  record.bound_name = string_or(object, "bound_name", "");
  record.local_name = string_or(object, "local_name", "");
  record.base = string_or(object, "base", "");
  record.seconds = object.value("seconds", 0.0);
  record.revision = string_or(object, "revision", "");
  record.healthcheck = bool_or(object, "healthcheck", false);
  record.generated = bool_or(object, "generated", false);
  record.dirty = bool_or(object, "dirty", false);
  for (const Json& item : object.value("parents", Json::array())) {
    record.parents.push_back(
        {require_string(item, "target", where), require_string(item, "identity", where),
         require_string(item, "config_digest", where), require_string(item, "build_key", where)});
  }
  for (const Json& item : object.value("bases", Json::array())) {
    record.bases.push_back(
        {require_string(item, "reference", where), require_string(item, "identity", where)});
  }
  return record;
}

}  // namespace

ImageRecord ImageRecord::read(const std::filesystem::path& path) {
  return read_document(path, kSchema, WrittenBy::cairn, parse);
}

std::optional<ImageRecord> ImageRecord::read_if_present(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  return read(path);
}

bool ImageRecord::is_named_as(const BuildDescription& declared) const {
  return stack == declared.stack && target == declared.target && image == declared.image &&
         variant == declared.variant && repository == declared.repository &&
         local_name == declared.local_name() && bound_name.empty() == !declared.is_parent;
}

const ParentRecord* ImageRecord::base_parent() const {
  const auto found = std::find_if(parents.begin(), parents.end(),
                                  [&](const ParentRecord& one) { return one.target == base; });
  return found == parents.end() ? nullptr : &*found;
}

std::string ImageRecord::to_text() const {
  Json object = {{"schema", kSchema},
                 {"stack", stack},
                 {"target", target},
                 {"image", image},
                 {"variant", variant},
                 {"repository", repository},
                 {"platform", platform},
                 {"arch", arch},
                 {"engine_id", engine_id},
                 {"config_digest", config_digest},
                 {"identity", identity},
                 {"build_key", build_key},
                 {"input_key", input_key},
                 {"source_key", source_key},
                 {"endpoint", endpoint},
                 {"created", created},
                 {"size", size},
                 {"bound_name", bound_name},
                 {"local_name", local_name},
                 {"parents", Json::array()},
                 {"bases", Json::array()},
                 {"base", base},
                 {"seconds", seconds},
                 {"revision", revision},
                 {"healthcheck", healthcheck},
                 {"generated", generated}};
  if (dirty) object["dirty"] = true;
  for (const ParentRecord& parent : parents) {
    object["parents"].push_back({{"target", parent.target},
                                 {"identity", parent.identity},
                                 {"config_digest", parent.config_digest},
                                 {"build_key", parent.build_key}});
  }
  for (const BaseRecord& one : bases) {
    object["bases"].push_back({{"reference", one.reference}, {"identity", one.identity}});
  }
  return pretty_json(object);
}

}  // namespace cairn::stack
