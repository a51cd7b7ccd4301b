// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/context_sources.hpp"
#include "engine/engine.hpp"
#include "stack/build/binding.hpp"
#include "stack/model/description.hpp"
#include "stack/scan/recipe.hpp"

namespace cairn::stack {

/// What `image` sees of its context, with what the engine knows of the bases now: those that are
/// bound already are taken from `bindings`, where it is given.
dockerfile::ContextWants wants_at_build(engine::Engine& engine, const StackFile& stack,
                                        const BuildDescription& image, const Recipe& recipe,
                                        const Bindings* bindings);

}  // namespace cairn::stack
