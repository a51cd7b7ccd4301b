// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/model/description.hpp"
#include "stack/scan/recipe.hpp"

namespace cairn::stack {

/// What the engine is asked for: everything of `image` and `recipe` that acts on a build, but for
/// the two places, which the caller fills in, and the cache. Throws UserError for a secret whose
/// file is not there and for what this engine cannot do (REPRODUCIBLE with docker).
engine::BuildRequest build_request(const BuildDescription& image, const Recipe& recipe,
                                   engine::Engine& engine);

}  // namespace cairn::stack
