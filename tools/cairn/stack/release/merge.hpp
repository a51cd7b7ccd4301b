// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/manifest.hpp"
#include "stack/release/evidence.hpp"

#include <map>
#include <string>
#include <vector>

namespace cairn::stack {

/// An index over some or all platforms of an image, composed here, not pushed yet.
struct ComposedIndex {
  oci::Descriptor descriptor;
  std::string bytes;
  std::vector<oci::Platform> platforms;
};

/// The bytes of an index (image-spec, image-index.md), or of docker's manifest list: canonical JSON
/// of `manifests` in the order given and of `annotations`. The same input, the same digest for
/// ever.
ComposedIndex compose_index(const std::vector<oci::Descriptor>& manifests,
                            const std::map<std::string, std::string>& annotations,
                            bool docker_types);

/// An image of the release with all that it consists of.
struct MergedImage {
  std::string target, image, variant, repository;
  ComposedIndex index;                        ///< over all promised platforms
  std::vector<PlatformEvidence> platforms{};  ///< in the order of the declaration
};

/// Composes the index of every image, parents first: each names, as annotations, the declared name
/// and index digest of what it stands on. Names are the declared ones whatever the destination.
std::vector<MergedImage> merge(const ReleaseDescription& description, const Evidence& evidence);

/// The index of `image` over `platforms` alone (SKEW partial).
ComposedIndex partial_index(const MergedImage& image, const std::vector<oci::Platform>& platforms,
                            bool docker_types);

}  // namespace cairn::stack
