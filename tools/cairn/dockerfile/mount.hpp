// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/source.hpp"

#include <optional>
#include <string>

namespace cairn::dockerfile {

/// Checks the value of a `RUN --mount` and gives back its `from=`, where it has one. Values with
/// variables are left to the builder. Throws UserError.
std::optional<Piece> read_mount_from(const Source& source, const Piece& value);

/// What a bind mount shows of the build context.
struct ContextMount {
  std::string source;  ///< `/` for all of it
  std::string open;    ///< what holds a variable, for messages: `source '$X'`; empty: nothing does
};

/// Nothing when it is another kind of mount or has a `from=`. `value` was checked by
/// read_mount_from.
std::optional<ContextMount> read_context_mount(const Source& source, const std::string& value);

}  // namespace cairn::dockerfile
