// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/report/build_tree.hpp"
#include "stack/report/git.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::stack {

struct AffectedImage {
  enum class How {
    changed,     ///< by what goes into it
    added,       ///< the revision did not have it
    parent,      ///< through an image that it stands on or copies from
    inspection,  ///< only its probes or sections
    tests        ///< only its tests
  };
  std::string stack, target, platform, title;
  How how = How::changed;
  std::vector<std::string> reasons;
  std::vector<std::string> tests;  ///< that have to run again
};

struct Affected {
  enum class Compared {
    nothing,       ///< no path changed
    descriptions,  ///< both trees were configured
    files,         ///< the old tree cannot be; no file that CMake reads changed
    all            ///< the old tree cannot be, so everything counts
  };
  Commit since;
  Compared compared = Compared::nothing;
  std::string problem;  ///< why the old tree cannot be configured
  std::vector<GitChange> changes;
  std::size_t images = 0;  ///< of the tree as it is, on all its platforms
  std::vector<AffectedImage> affected;
  std::vector<std::string> removed;  ///< `target platform`, which only the revision has
};

/// Which images and tests the changes between `revision` and the work tree reach, without a build.
/// `build` is a build folder, or a file of one. Where the engine does not answer, or has not an
/// external base, what that base takes of a context is in doubt, and the reasons say so.
Affected find_affected(const std::filesystem::path& build, const std::string& revision,
                       const engine::Opener& open);

std::string format_affected(const Affected& affected);

/// `cairn/affected/1`.
nlohmann::json to_json(const Affected& affected);

}  // namespace cairn::stack
