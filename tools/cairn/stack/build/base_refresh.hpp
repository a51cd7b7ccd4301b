// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/model/description.hpp"
#include "stack/model/record_store.hpp"
#include "stack/scan/recipe.hpp"

#include <string>
#include <vector>

namespace cairn::stack {

/// Pulls the external bases of `recipe` that the engine has for the platform of `image` and nothing
/// pins, for REFRESH: what moved in their registry is built on from now on. Each is said to `sink`.
/// A base that came from no registry, as far as the engine tells, and one that a record of
/// `records` is of were made on this machine and stay: a registry's image of that name is another.
/// Returns a warning for each that could not be pulled and stays as the engine has it: a base may
/// be in no registry, and a machine without a network still builds.
std::vector<std::string> pull_again(engine::Engine& engine, const BuildDescription& image,
                                    const Recipe& recipe, const RecordStore& records,
                                    const engine::OutputSink& sink);

}  // namespace cairn::stack
