// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/model/export_record.hpp"
#include "stack/model/layout.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace cairn::stack {

struct ExportReport {
  ExportRecord record;
  bool written = false;        ///< export.json is new or other than before
  bool saved = false;          ///< the engine was asked for the image
  std::size_t compressed = 0;  ///< layers that the store did not have
  double seconds = 0;
};

/// Puts the image of `folder` into its stack's store as registries will get it: the config that was
/// built and tested, by its digest, the layers compressed, and the platform's manifest; then writes
/// export.json, untouched when it would be equal. What it stands on is exported first. The engine
/// is asked only when the store lacks something.
///
/// Throws UserError when the image is not built or is not the recorded one any more, or when it
/// does not stand on its parent's export; Error when what the engine saved is not what it built.
ExportReport export_image(const ImageFolder& folder, const engine::Opener& open,
                          const std::function<void(const std::string&)>& say);

}  // namespace cairn::stack
