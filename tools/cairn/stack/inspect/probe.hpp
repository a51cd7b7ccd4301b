// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/inspect_description.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cairn::stack {

/// What one command of an inspection gave.
struct CommandOutput {
  int exit_status = 0;
  std::string out;
  std::string err;
};

/// A version as a probe found it; the parts that it does not have are empty.
struct Version {
  std::string text;  ///< `3.11.2`
  std::string major, minor, patch;

  static Version parse(std::string_view text);
};

/// What a probe gave in one image.
struct ProbeResult {
  std::string name;
  Version version;
  std::vector<std::string> tags;  ///< without the prefix of platform and variant
  std::vector<std::string> command;
  std::string from;
};

/// The tags that `probe` gives an image of that version, each once. Throws UserError for a template
/// that needs what the version lacks, and for an invalid tag.
std::vector<std::string> tags_of(const Probe& probe, const Version& version);

/// Reads the version out of `output`, and makes the probe's tags. Throws UserError with the exact
/// command when it failed, printed nothing, printed no version, or gives an invalid tag.
ProbeResult evaluate_probe(const Probe& probe, const CommandOutput& output);

/// Throws UserError unless the command of `owner` (as "probe 'python'") ended with status 0.
void require_success(const std::string& owner, const std::vector<std::string>& command,
                     const CommandOutput& output);

}  // namespace cairn::stack
