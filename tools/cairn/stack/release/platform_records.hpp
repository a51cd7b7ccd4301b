// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/layout.hpp"
#include "stack/release/evidence.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// A published image on one of its promised platforms.
struct Promise {
  const ReleaseDescription& release;
  const ReleaseImage& image;
  oci::Platform platform;

  Problem problem(const std::string& what, const std::string& hint) const {
    return {"'" + image.target + "' (" + platform.to_string() + "): " + what, hint};
  }
};

/// What the records of one folder show, as far as they can be read, and everything in them that
/// keeps the image out of a release.
struct FolderFindings {
  std::optional<PlatformEvidence> evidence;
  std::vector<Problem> problems;
};

FolderFindings read_folder(const Promise& promise, const ImageFolder& folder,
                           const GateOptions& options);

}  // namespace cairn::stack
