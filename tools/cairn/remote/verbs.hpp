// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "commands/verb.hpp"

#include <vector>

namespace cairn::remote {

/// The verbs that speak to registries. They live in a program of their own, `cairn-remote`, which
/// `cairn` starts for them: loading libcurl costs as much as a whole scan, and every build scans.
const std::vector<commands::Verb>& verbs();

commands::Verb lock_verb();

}  // namespace cairn::remote
