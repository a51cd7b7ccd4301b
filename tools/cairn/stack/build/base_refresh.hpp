// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/model/description.hpp"
#include "stack/scan/recipe.hpp"

#include <string>
#include <vector>

namespace cairn::stack {

/// Pulls the external bases of `recipe` that the engine has and nothing pins, for REFRESH: what
/// moved in their registry is built on from now on. Each is said to `sink`. Returns a warning for
/// each that could not be pulled and stays as the engine has it: a base may be in no registry, and
/// a machine without a network still builds.
std::vector<std::string> pull_again(engine::Engine& engine, const BuildDescription& image,
                                    const Recipe& recipe, const engine::OutputSink& sink);

}  // namespace cairn::stack
