// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/inspect/probe.hpp"

#include <string>
#include <vector>

namespace cairn::stack {

/// The tags of all probes in order. Throws UserError naming both when two probes give one tag, and
/// when one gives `latest`, which every image has.
std::vector<std::string> gather_tags(const std::vector<ProbeResult>& probes);

/// What stands in front of every tag that is published per platform: `x86_64-`,
/// `aarch64-cuda12-`.
std::string tag_prefix(const std::string& arch, const std::string& variant);

/// Full references, `<repository>:<prefix>latest` first. Throws UserError when a tag is longer
/// than 128 characters with its prefix.
std::vector<std::string> platform_references(const std::string& repository,
                                             const std::string& prefix,
                                             const std::vector<std::string>& tags);

}  // namespace cairn::stack
