// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"

namespace cairn::stack {

/// Throws UnreachableError when the engine that answers is not the one that this build tree was
/// configured for (exactness rule 18): another one may hold an image of the very ID that a record
/// names, and it is not this tree's to use or to remove.
void check_endpoint(engine::Engine& engine);

}  // namespace cairn::stack
