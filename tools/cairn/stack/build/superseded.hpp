// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/layout.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::stack {

/// An image that a newer build of the same target replaced.
struct SupersededImage {
  std::string engine_id;
  std::string bound_name;
  std::uint64_t size = 0;
};

/// Those of `folder` that are still kept, newest first.
std::vector<SupersededImage> superseded_images(const ImageFolder& folder);

/// After a successful build: `previous` joins the superseded ones, and all beyond `keep` images
/// (the current one counts) lose their names and go, unless something else holds them: else a
/// prune would free nothing (exactness rule 12). Where images are the engine's cache, one that
/// `current` only adds steps to stays until a build stands on it no more.
void drop_superseded(engine::Engine& engine, const ImageFolder& folder, const ImageRecord& previous,
                     const ImageRecord& current, int keep);

/// After `current` was named: takes away the names that `previous` was declared with and `current`
/// is not, where they still name that image.
void drop_former_names(engine::Engine& engine, const ImageRecord& previous,
                       const ImageRecord& current);

/// Removes an image unless a name, of ours or of somebody else's, still holds it; whether it is
/// gone or held by a name. Engines remove images with all their names: an identical build of
/// another target may have given the very ID one of its own.
bool remove_unless_named(engine::Engine& engine, const std::string& engine_id);

/// Removes what a build that was killed left in `folder` (`.stage-*`, `.recipe-*`).
void remove_left_over_stages(const std::filesystem::path& folder);

}  // namespace cairn::stack
