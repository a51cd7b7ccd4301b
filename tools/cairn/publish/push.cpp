// SPDX-License-Identifier: BSD-3-Clause
#include "publish/push.hpp"

#include "publish/store_source.hpp"

#include <set>
#include <utility>

namespace cairn::publish {

registry::PushReport push_exports(const stack::ReleaseDescription& description,
                                  const std::vector<stack::ExportRecord>& exports,
                                  Destination& destination) {
  const store::Store store(description.store);
  const auto held = store.hold();
  std::vector<Destination::Item> items;
  std::set<std::pair<std::string, oci::Digest>> chosen;
  for (const stack::ExportRecord& exported : exports) {
    if (!chosen.emplace(exported.repository, exported.manifest.digest).second) continue;
    items.push_back({exported.repository, exported.manifest});
    if (exported.parent.empty()) continue;
    for (const stack::ReleaseImage& image : description.images) {
      if (image.target == exported.parent && image.repository != exported.repository)
        items.back().mount_from.push_back(image.repository);
    }
  }
  StoreSource source(store, exports, destination.name());
  return destination.push(source, items);
}

}  // namespace cairn::publish
