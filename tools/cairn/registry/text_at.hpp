// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/json.hpp"

#include <string>

namespace cairn::registry {

/// The string at `key` of what a registry, a token server or a login helper wrote; empty when there
/// is none, whatever is there instead.
std::string text_at(const Json& value, const std::string& key);

}  // namespace cairn::registry
