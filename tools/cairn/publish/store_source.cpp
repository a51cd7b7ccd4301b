// SPDX-License-Identifier: BSD-3-Clause
#include "publish/store_source.hpp"

#include "base/error.hpp"

namespace cairn::publish {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 18U;

}  // namespace

StoreSource::StoreSource(const store::Store& store, const std::vector<stack::ExportRecord>& exports,
                         std::string destination)
    : layout_(oci::Layout::open(store.layout().path())),
      layout_source_(layout_),
      store_(store),
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
  const auto size = store_.size_of(blob.digest);
  if (size && *size != blob.size) note_bad(blob);
  const auto owner = owners_.find(blob.digest.to_string());
  if (owner == owners_.end() || size) return layout_source_.open(blob, offset);
  const auto& [target, platform] = owner->second;
  throw UserError(
      "'" + target + "' (" + platform + "): neither " + destination_ + " nor the store '" +
          store_.root().string() + "' has '" + blob.digest.to_string() + "'",
      "bring the store of the machine that exported it, or push from there: cairn push " + target);
}

// Read once more: a good one may have taken its place, and a record may lie about its size. The
// store removes it only when it is bad by its own digest.
void StoreSource::note_bad(const oci::Descriptor& blob) {
  auto reader = store_.open(blob.digest);
  std::vector<char> buffer(reader ? kPiece : 0);
  while (reader && reader->read(buffer) > 0) {
  }
}

}  // namespace cairn::publish
