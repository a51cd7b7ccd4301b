// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/export_record.hpp"

#include "stack/model/document.hpp"

namespace cairn::stack {
namespace {

constexpr const char* kSchema = "cairn/export/1";

Json blob_json(const oci::Descriptor& blob) {
  return {
      {"media_type", blob.media_type}, {"digest", blob.digest.to_string()}, {"size", blob.size}};
}

oci::Descriptor read_blob(const Json& object, const std::string& where) {
  return {require_string(object, "media_type", where),
          oci::Digest::parse(require_string(object, "digest", where)),
          object.at("size").get<std::uint64_t>(), std::nullopt};
}

ExportRecord parse(const Json& object, const std::string& where) {
  ExportRecord record{
      require_string(object, "stack", where),          require_string(object, "target", where),
      require_string(object, "image", where),          require_string(object, "variant", where),
      require_string(object, "repository", where),     require_string(object, "platform", where),
      require_string(object, "arch", where),           require_string(object, "engine_id", where),
      require_string(object, "identity", where),       read_blob(object.at("manifest"), where),
      read_blob(object.at("config"), where),           {},
      string_map_or_empty(object, "annotations"),      require_string(object, "parent", where),
      require_string(object, "parent_manifest", where)};
  if (object.contains("engine_manifest")) {
    record.engine_manifest = read_blob(object.at("engine_manifest"), where);
  }
  for (const Json& layer : object.at("layers")) {
    record.layers.push_back({read_blob(layer, where),
                             oci::Digest::parse(require_string(layer, "diff_id", where)),
                             require_string(layer, "made_by", where)});
  }
  return record;
}

}  // namespace

std::string declared_name(const std::string& repository, const std::string& variant) {
  return repository + ":" + (variant.empty() ? "" : variant + "-") + "latest";
}

ExportRecord ExportRecord::read(const std::filesystem::path& path) {
  return read_document(path, kSchema, WrittenBy::cairn, parse);
}

std::optional<ExportRecord> ExportRecord::read_if_present(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  return read(path);
}

std::string ExportRecord::to_text() const {
  Json all_layers = Json::array();
  for (const ExportedLayer& layer : layers) {
    Json object = blob_json(layer.blob);
    object["diff_id"] = layer.diff_id.to_string();
    object["made_by"] = layer.made_by;
    all_layers.push_back(object);
  }
  Json object = {{"schema", kSchema},
                 {"stack", stack},
                 {"target", target},
                 {"image", image},
                 {"variant", variant},
                 {"repository", repository},
                 {"platform", platform},
                 {"arch", arch},
                 {"engine_id", engine_id},
                 {"config_digest", config.digest.to_string()},
                 {"identity", identity},
                 {"manifest", blob_json(manifest)},
                 {"config", blob_json(config)},
                 {"layers", all_layers},
                 {"annotations", annotations},
                 {"parent", parent},
                 {"parent_manifest", parent_manifest}};
  if (engine_manifest) object["engine_manifest"] = blob_json(*engine_manifest);
  return pretty_json(object);
}

}  // namespace cairn::stack
