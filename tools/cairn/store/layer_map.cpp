// SPDX-License-Identifier: BSD-3-Clause
#include "store/layer_map.hpp"

#include "base/error.hpp"
#include "base/json.hpp"

namespace cairn::store {
namespace {

constexpr const char* kSchema = "cairn/layer/1";

std::string file_of(const oci::Digest& diff_id, const std::string& compression) {
  return diff_id.hex() + "." + compression + ".json";
}

std::string text_of(const Layer& layer) {
  return pretty_json({{"schema", kSchema},
                      {"diff_id", layer.diff_id.to_string()},
                      {"diff_size", layer.diff_size},
                      {"head", layer.head},
                      {"compression", layer.compression},
                      {"made_by", layer.made_by},
                      {"digest", layer.digest.to_string()},
                      {"size", layer.size}});
}

std::optional<Layer> parse(const std::string& text) {
  const Json object = Json::parse(text, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  try {
    require_schema(object, kSchema, "layer");
    return Layer{oci::Digest::parse(require_string(object, "diff_id", "layer")),
                 object.at("diff_size").get<std::uint64_t>(),
                 require_string(object, "head", "layer"),
                 require_string(object, "compression", "layer"),
                 require_string(object, "made_by", "layer"),
                 oci::Digest::parse(require_string(object, "digest", "layer")),
                 object.at("size").get<std::uint64_t>()};
  } catch (const Error&) {
    return std::nullopt;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<Layer> LayerMap::find(const oci::Digest& diff_id,
                                    const std::string& compression) const {
  const auto text = store_.layers().read(file_of(diff_id, compression));
  auto layer = text ? parse(*text) : std::nullopt;
  const bool fits = layer && layer->diff_id == diff_id && layer->compression == compression;
  if (!fits || !store_.take(layer->digest, layer->size)) return std::nullopt;
  return layer;
}

Layer LayerMap::record(const Layer& layer) const {
  const FileLock alone(store_.lock_path("layers"), "", {});
  if (auto first = find(layer.diff_id, layer.compression)) return *first;
  store_.layers().write(file_of(layer.diff_id, layer.compression), text_of(layer));
  return layer;
}

std::size_t LayerMap::prune() const {
  std::size_t removed = 0;
  for (const std::string& name : store_.layers().names()) {
    const auto text = store_.layers().read(name);
    const auto layer = text ? parse(*text) : std::nullopt;
    if (layer && store_.size_of(layer->digest) == layer->size) continue;
    if (store_.layers().remove(name)) ++removed;
  }
  return removed;
}

}  // namespace cairn::store
