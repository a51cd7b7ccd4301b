// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "publish/release.hpp"
#include "stack/release/merge.hpp"
#include "stack/release/wanted_tags.hpp"

#include <string>
#include <vector>

namespace cairn::publish {

/// All that a release is before anything is asked of a destination.
struct Prepared {
  stack::ReleaseFacts facts;
  stack::Evidence evidence;
  std::vector<stack::MergedImage> images;
  stack::WantedTags wanted;
};

/// Gathers the records, composes indexes and names tags. Throws UserError with all problems of the
/// gate. `options.time` is the release's, or now.
Prepared prepare(const stack::ReleaseDescription& description, const PublishOptions& options);

/// publish() of what has been prepared, without the lock of the store.
PublishReport publish_prepared(const stack::ReleaseDescription& description,
                               const Prepared& prepared, Destination& destination,
                               const PublishOptions& options);

/// A unique name that begins with the time: `20261129T084700Z-3f9a0c12`.
std::string release_id(std::int64_t time);

}  // namespace cairn::publish
