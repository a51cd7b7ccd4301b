// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/build/binding.hpp"
#include "stack/model/description.hpp"

#include <string>

namespace cairn::stack {

/// The image that the engine says it built, when it is one of `image`'s platform that stands on
/// `base` (exactness rule 13; no base: FROM scratch). Otherwise removes it, unless somebody gave it
/// a name, and throws Error that says what it is instead.
engine::ImageInfo prove(engine::Engine& engine, const BuildDescription& image,
                        const std::string& engine_id, const BoundBase* base);

}  // namespace cairn::stack
