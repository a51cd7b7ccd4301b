// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"

#include <memory>

namespace cairn::engine {

/// Opens a docker endpoint; see open_engine. Throws UserError when `endpoint` is of no known kind.
std::unique_ptr<Engine> open_docker(const Endpoint& endpoint);

}  // namespace cairn::engine
