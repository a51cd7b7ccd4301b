// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/export_record.hpp"
#include "stack/model/image_record.hpp"
#include "stack/release/description.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::stack {

/// A probe's answer in one image.
struct ProbedVersion {
  std::string probe;              ///< `python`
  std::string version;            ///< its full value, `3.11.2`
  std::vector<std::string> tags;  ///< without the prefix of platform and variant
};

/// One image on one platform, as its records show it. All of them speak of one config digest.
struct PlatformEvidence {
  std::filesystem::path folder;  ///< where the records were found
  oci::Platform platform;
  std::string arch;
  ImageRecord image;
  ExportRecord exported;
  std::vector<ProbedVersion> probes;
  int tests = 0, passed = 0;  ///< reports left out
  bool emulated = false;      ///< built and tested on another architecture
};

/// Why a release cannot be: one finding of the gate.
struct Problem {
  std::string what;  ///< `'base-notebook' (linux/arm64): no record of a build`
  std::string hint;  ///< what to type, or empty
};

struct GateOptions {
  std::set<std::string> without;         ///< targets that are left out, with all that stand on them
  std::set<std::string> allow_untested;  ///< targets that their owner publishes untested
  bool allow_dirty = false;              ///< of the source trees: of this one and of builds
};

/// All that a release is made of, or why there can be none.
struct Evidence {
  /// By target and platform; of every published image and promised platform when `problems` is
  /// empty.
  std::map<std::pair<std::string, oci::Platform>, PlatformEvidence> platforms;
  std::vector<std::string> left_out;  ///< targets of --without and their descendants
  std::set<std::string> revisions;    ///< git commits of the builds: shown, never compared
  std::vector<Problem> problems;
};

/// Reads the records of every published image on every promised platform from all record folders,
/// and checks that a release of them is whole (the completeness gate): each platform there once, or
/// twice identical; of equal source keys; inspected, exported and tested as one config digest; each
/// child on the export of its parent that is in this release. Finds all problems, not the first.
Evidence gather(const ReleaseDescription& description, const GateOptions& options);

/// The problems as one error: a line each, the first one's hint. Does nothing when there are none.
void require_no_problems(const std::vector<Problem>& problems);

}  // namespace cairn::stack
