// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/claims.hpp"

#include "base/error.hpp"
#include "engine/names.hpp"
#include "stack/model/record_store.hpp"

#include <algorithm>
#include <optional>

namespace cairn::stack {
namespace {

bool has(const UndeclaredImage& image, const std::string& engine_id) {
  return (image.record && image.record->engine_id == engine_id) ||
         std::any_of(image.superseded.begin(), image.superseded.end(),
                     [&](const auto& old) { return old.engine_id == engine_id; });
}

/// Whether `record`, of the store, is of what `image` itself built: now, or of the very content by
/// a former recipe. Another image of that target is another tree's, which has other sources.
bool is_of(const UndeclaredImage& image, const ImageRecord& record) {
  return image.record && has(image, record.engine_id) && image.record->stack == record.stack &&
         image.record->target == record.target && image.record->platform == record.platform;
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
    const bool is_own = std::any_of(tree.undeclared.begin(), tree.undeclared.end(),
                                    [&](const auto& image) { return is_of(image, record); });
    if (is_own) {
      own_.push_back(std::move(record));
    } else {
      claims_.push_back({std::move(record), false});
    }
  }
}

void Claims::keep(const UndeclaredImage& image) {
  if (image.record) claims_.push_back({*image.record, true});
  for (const ImageRecord& record : own_) {
    if (is_of(image, record)) claims_.push_back({record, true});
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
