// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"

#include <string>

namespace cairn::engine {

/// The table of docs/reference/engines.md. `version` is the server's (docker) or the program's
/// own; empty when nobody has asked: then only what every supported version can is said.
/// Throws UserError for a kind or builder that does not exist.
Capabilities capabilities_of(const std::string& kind, const std::string& builder,
                             const std::string& version);

/// Whether `version` (`28.2.2`, `20.10.24+dfsg1`) is `major.minor` or a later one; an empty one is
/// not.
bool is_at_least(const std::string& version, int major, int minor);

}  // namespace cairn::engine
