// SPDX-License-Identifier: BSD-3-Clause
#include "publish/push.hpp"

#include "base/error.hpp"
#include "publish/store_source.hpp"

#include <set>
#include <utility>

namespace cairn::publish {
namespace {

std::vector<Destination::Item> items_of(const stack::ReleaseDescription& description,
                                        const std::vector<stack::ExportRecord>& exports) {
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
  return items;
}

}  // namespace

registry::PushReport push_exports(const stack::ReleaseDescription& description,
                                  const std::vector<stack::ExportRecord>& exports,
                                  Destination& destination) {
  const store::Store store(description.store);
  const auto held = store.hold();
  StoreSource source(store, exports, destination.name());
  return destination.push(source, items_of(description, exports));
}

void push_everywhere(const stack::ReleaseDescription& description,
                     const std::vector<stack::ExportRecord>& exports,
                     const std::vector<std::unique_ptr<Destination>>& destinations,
                     const std::function<void(const std::string&)>& say) {
  std::vector<Refusal> refusals;
  for (const auto& destination : destinations) {
    try {
      destination->try_push(items_of(description, exports));
    } catch (const UserError& error) {
      refusals.push_back({error.what(), error.hint()});
    }
  }
  throw_all(refusals);
  for (const auto& destination : destinations) {
    say("uploading to " + destination->name());
    push_exports(description, exports, *destination);
  }
}

}  // namespace cairn::publish
