// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/layout.hpp"
#include "registry/client.hpp"

#include <cstdint>

namespace cairn::registry {

struct PullReport {
  oci::Descriptor root;
  int blobs_there = 0, blobs_fetched = 0;
  std::uint64_t bytes_fetched = 0;
};

/// Brings what `reference` names into `layout`, an index with all its children: verified as it
/// streams, blobs first, and listed in the layout under `tag` (may be empty) when all is there.
/// What the layout has is read and, when it is bad, fetched again. Blobs by `threads` threads at
/// once. Throws UserError when the registry has no such image, and as Client.
PullReport pull_image(Client& client, const oci::Reference& reference, const oci::Layout& layout,
                      const std::string& tag, int threads);

}  // namespace cairn::registry
