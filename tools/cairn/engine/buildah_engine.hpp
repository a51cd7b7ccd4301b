// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"

#include <memory>

namespace cairn::engine {

/// Opens a buildah endpoint; see open_engine.
std::unique_ptr<Engine> open_buildah(const Endpoint& endpoint);

}  // namespace cairn::engine
