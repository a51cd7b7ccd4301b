// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/json.hpp"
#include "registry/push.hpp"

#include <string>

namespace cairn::remote {

/// What a push did: `3 manifests put, 0 there; 5 blobs uploaded (1.2 MB), 0 mounted, 1 there`.
std::string format_push(const registry::PushReport& report);
Json to_json(const registry::PushReport& report);

}  // namespace cairn::remote
