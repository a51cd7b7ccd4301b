// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/ignore.hpp"
#include "fuzz/property.hpp"

#include <string>

namespace cairn::fuzz {

/// What must hold for every text that is read as an ignore file: it is refused with a UserError
/// that names a line of it, or for every path that is tried
/// - it says what the slow reference says,
/// - no folder that is pruned hides something that is kept,
/// - comments and blank lines change nothing.
/// Paths to try are made from the lines themselves (a comment is one as it is) and from a fixed
/// list. Throws PropertyBroken.
void check_ignore_file(const std::string& text, dockerfile::IgnoreDialect dialect);

}  // namespace cairn::fuzz
