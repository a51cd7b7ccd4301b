// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/source.hpp"

#include <optional>

namespace cairn::dockerfile {

/// Checks the value of a `RUN --mount` and gives back its `from=`, where it has one. Values with
/// variables are left to the builder. Throws UserError.
std::optional<Piece> read_mount_from(const Source& source, const Piece& value);

}  // namespace cairn::dockerfile
