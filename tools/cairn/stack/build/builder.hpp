// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/layout.hpp"

#include <functional>
#include <string>

namespace cairn::stack {

struct BuildOptions {
  bool force = false;     ///< build although a record is known
  bool no_cache = false;  ///< without the engine's layer cache
  bool verbose = false;   ///< show the engine's output as it comes
};

enum class BuildOutcome {
  reused,  ///< the record was known and its image is there
  kept,    ///< built, with the content it had: the old image stays
  built
};

struct BuildReport {
  BuildOutcome outcome = BuildOutcome::built;
  ImageRecord record;
};

/// Builds the image of `folder` as its key says, or finds it built, and writes image.json,
/// identity and config. Holds a lock for the image throughout. Throws Error with the engine's
/// last lines when the build fails; the previous record then stays as it was.
BuildReport build_image(const ImageFolder& folder, const BuildOptions& options,
                        const engine::Opener& open = engine::open_engine);

/// What a build finds around it; tests have a world of their own.
struct BuildWorld {
  engine::Opener open;
  std::function<void(const std::string&)> say;  ///< shows one line at once
};

BuildReport build_image(const ImageFolder& folder, const BuildOptions& options,
                        const BuildWorld& world);

}  // namespace cairn::stack
