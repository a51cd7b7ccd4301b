// SPDX-License-Identifier: BSD-3-Clause
#include "publish/store_source.hpp"

#include "base/error.hpp"

namespace cairn::publish {

StoreSource::StoreSource(const store::Store& store, const std::vector<stack::ExportRecord>& exports,
                         std::string destination)
    : layout_(oci::Layout::open(store.layout().path())),
      layout_source_(layout_),
      store_(store.root().string()),
      destination_(std::move(destination)) {
  for (const stack::ExportRecord& exported : exports) {
    const Owner owner{exported.target, exported.platform};
    owners_.emplace(exported.manifest.digest.to_string(), owner);
    owners_.emplace(exported.config.digest.to_string(), owner);
    for (const stack::ExportedLayer& layer : exported.layers)
      owners_.emplace(layer.blob.digest.to_string(), owner);
  }
}

std::unique_ptr<registry::Reader> StoreSource::open(const oci::Descriptor& blob,
                                                    std::uint64_t offset) {
  const auto owner = owners_.find(blob.digest.to_string());
  if (owner == owners_.end() || layout_.has_blob(blob)) return layout_source_.open(blob, offset);
  const auto& [target, platform] = owner->second;
  throw UserError(
      "'" + target + "' (" + platform + "): neither " + destination_ + " nor the store '" + store_ +
          "' has '" + blob.digest.to_string() + "'",
      "bring the store of the machine that exported it, or push from there: cairn push " + target);
}

}  // namespace cairn::publish
