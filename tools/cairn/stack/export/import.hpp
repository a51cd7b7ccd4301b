// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/model/export_record.hpp"
#include "stack/model/layout.hpp"
#include "store/store.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace cairn::stack {

struct ImportReport {
  std::string target;
  std::string engine_id;
  bool loaded = false;  ///< the engine did not have it
};

/// Brings the exported image of `folder` from the store into its engine, unless it is there, and
/// gives it its names. Throws UserError when the image was never exported, BadBlob for a blob that
/// is bad, and Error when the engine ends up with another image.
ImportReport import_image(const ImageFolder& folder, const engine::Opener& open);

/// Writes the image as `docker save` does, as an image layout where its config or its engine ask
/// for one. The layers stay compressed.
void write_image_archive(const store::Store& store, const ExportRecord& record,
                         const std::function<void(std::string_view)>& sink);

}  // namespace cairn::stack
