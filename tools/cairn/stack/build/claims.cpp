// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/claims.hpp"

#include "base/error.hpp"
#include "engine/names.hpp"
#include "stack/model/record_store.hpp"

#include <algorithm>
#include <optional>

namespace cairn::stack {
namespace {

bool is_same_image(const ImageRecord& a, const ImageRecord& b) {
  return a.stack == b.stack && a.target == b.target && a.platform == b.platform;
}

std::optional<ImageRecord> read_record(const ImageFolder& folder) {
  try {
    return ImageRecord::read_if_present(folder.image_record());
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::set<std::string> names_in(const engine::Endpoint& endpoint, const ImageRecord& record) {
  std::set<std::string> names;
  if (!record.local_name.empty()) names.insert(engine::listed_name(endpoint, record.local_name));
  if (!record.bound_name.empty()) names.insert(record.bound_name);
  return names;
}

bool stands_on(const ImageRecord& record, const std::string& config_digest) {
  return std::any_of(record.parents.begin(), record.parents.end(),
                     [&](const auto& parent) { return parent.config_digest == config_digest; });
}

}  // namespace

Claims::Claims(const TreeImages& tree, const std::filesystem::path& store,
               const std::string& endpoint_identity) {
  for (const ImageFolder& folder : tree.declared) {
    for (const SupersededImage& old : superseded_images(folder))
      superseded_.insert(old.engine_id);
    auto record = read_record(folder);
    if (record && record->endpoint == endpoint_identity) claims_.push_back({*record, true});
  }
  for (ImageRecord& record : RecordStore(store, endpoint_identity).all()) {
    const bool is_undeclared = std::any_of(
        tree.undeclared.begin(), tree.undeclared.end(),
        [&](const auto& image) { return image.record && is_same_image(*image.record, record); });
    if (!is_undeclared) claims_.push_back({std::move(record), false});
  }
}

bool Claims::is_of_another(const engine::Endpoint& endpoint, const engine::ImageInfo& held) const {
  if (superseded_.count(held.id) != 0) return true;
  return std::any_of(claims_.begin(), claims_.end(), [&](const Claim& claim) {
    if (claim.record.engine_id != held.id) return false;
    const auto given = names_in(endpoint, claim.record);
    return claim.in_tree ||
           std::any_of(held.names.begin(), held.names.end(),
                       [&](const std::string& name) { return given.count(name) != 0; });
  });
}

std::set<std::string> Claims::names_of(const engine::Endpoint& endpoint,
                                       const std::string& id) const {
  std::set<std::string> names;
  for (const Claim& claim : claims_) {
    if (claim.record.engine_id == id) names.merge(names_in(endpoint, claim.record));
  }
  return names;
}

std::string Claims::child_of(engine::Engine& engine, const engine::ImageInfo& held,
                             const std::set<std::string>& gone) const {
  for (const Claim& claim : claims_) {
    if (!stands_on(claim.record, held.config_digest) || gone.count(claim.record.engine_id) != 0) {
      continue;
    }
    if (engine.inspect(claim.record.engine_id)) return claim.record.target;
  }
  return {};
}

}  // namespace cairn::stack
