// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/dockerfile.hpp"
#include "fuzz/property.hpp"

#include <map>
#include <string>

namespace cairn::fuzz {

/// What must hold for every text that is read as a recipe: it is refused with a UserError that
/// names a place inside of it, or
/// - its rewriting has as many lines and, bound to new names, reads as the same stages that name
///   the new images, also when the stages that nobody needs are blanked;
/// - comments and blank lines between its instructions change no key.
/// Throws PropertyBroken.
void check_recipe(const std::string& text, const std::map<std::string, std::string>& arguments);

}  // namespace cairn::fuzz
