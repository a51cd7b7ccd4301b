// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/description.hpp"
#include "stack/scan/context.hpp"
#include "stack/scan/recipe.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cairn::stack {

/// The two hashes of a scan (exactness rules 1 and 24), 64 hex each.
struct InputKeys {
  std::string input;   ///< everything of the image's own that goes into it
  std::string source;  ///< the same without platform, bases and refresh
};

/// External base -> what it is: its content identity, its digest, or `absent`.
using BaseIdentities = std::map<std::string, std::string>;

/// Keys of an image: format version, platform, target stage, recipe, arguments that needed stages
/// use, labels, network, hosts, ssh ids, flags, secret names, refresh period, bases, and the
/// context's paths, kinds, modes and contents. No path of this machine, no time stamp, no owner.
/// `period` is the refresh period that is running (`2026-W48`), or empty.
InputKeys input_keys(const BuildDescription& image, const Recipe& recipe,
                     const std::vector<ContextEntry>& entries, const BaseIdentities& bases,
                     const std::string& period);

/// The keys of an image whose whole context the build makes: its declaration only; what the
/// context holds is added by the build itself.
InputKeys declaration_keys(const BuildDescription& image, const std::string& period);

/// H(input key, content identity of each bound parent in reference order): what records are
/// filed by.
std::string build_key(const std::string& input_key, const std::vector<std::string>& identities);

/// The refresh period that `unix_seconds` lies in: `` for never, `2026-11-24`, `2026-W48`,
/// `2026-11` (UTC, ISO 8601 weeks). Throws UserError for another word.
std::string refresh_period(const std::string& refresh, std::int64_t unix_seconds);

}  // namespace cairn::stack
