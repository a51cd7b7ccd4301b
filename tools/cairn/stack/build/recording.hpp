// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/git.hpp"
#include "stack/build/binding.hpp"
#include "stack/model/description.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/layout.hpp"
#include "stack/model/record_store.hpp"
#include "stack/scan/input_key.hpp"

#include <string>
#include <vector>

namespace cairn::stack {

/// Of what a build was made: the keys, and the parents that it stands on.
struct BuildOrigin {
  InputKeys keys;
  std::string build_key;
  std::vector<ImageRecord> parents;
};

/// The commit of the image's sources, and whether they are as in the commit: of the work trees that
/// hold its Dockerfile and its context. A Dockerfile that the build made may lie in none.
SourceTree source_tree_of(const BuildDescription& image);

void note_source_tree(const SourceTree& sources, ImageRecord& record);

/// The record of an image that was just built and proven, as far as the build alone knows it.
/// `sources`: as they were when the context was taken.
ImageRecord record_of_build(const BuildDescription& image, const SourceTree& sources,
                            const engine::ImageInfo& built, const Recipe& recipe,
                            const std::vector<BoundBase>& bases);

/// Fills in what a record says of an image however it was come by: who it is, of what, where.
void complete_record(const BuildDescription& image, const BuildOrigin& origin,
                     const std::string& endpoint, ImageRecord& record);

/// Files `record` in the store and writes the stamps of `folder`. The record comes first: what
/// is killed in between is found built by the next run. `renamed`: what stands on the config runs
/// again, for the same content under other names.
void write_stamps(const ImageFolder& folder, const RecordStore& store, const ImageRecord& record,
                  bool renamed);

}  // namespace cairn::stack
