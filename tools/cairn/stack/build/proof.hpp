// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/build/binding.hpp"
#include "stack/model/description.hpp"

#include <set>
#include <string>

namespace cairn::stack {

/// Whether what the engine says it built is what was asked for. Made before the build: an image
/// that fails is removed again, unless the engine had it already or somebody gave it a name.
class Proof {
 public:
  explicit Proof(engine::Engine& engine);

  /// The image that the engine says it built, when it is one of `image`'s platform that stands on
  /// `base` (exactness rule 13; no base: FROM scratch). Throws Error that names both otherwise.
  engine::ImageInfo of(const BuildDescription& image, const std::string& engine_id,
                       const BoundBase* base) const;

 private:
  void remove_if_new(const std::string& engine_id) const;

  engine::Engine& engine_;
  std::set<std::string> held_before_;  ///< IDs
};

}  // namespace cairn::stack
