// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/source.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn::dockerfile {

/// An instruction cut into keyword, `--flags` and the rest.
struct SplitInstruction {
  Piece keyword;
  std::vector<Piece> flags;  ///< `--from=x`, quotes and escapes taken off
  Piece rest;
};

/// Cuts a logical line. Flags stand directly behind the keyword; '--' ends them. In flags the
/// escape character is always '\', whatever the directive says: so BuildKit has it.
SplitInstruction split_instruction(const Piece& line);

/// Name and value of a flag word; no value when it has no '='.
struct FlagParts {
  std::string name;
  std::optional<Piece> value;
};
FlagParts split_flag(const Piece& word);

/// The span of `value` that a new text can replace: widened to a quote that would otherwise
/// lose its partner.
Span replaceable_span(const Source& source, const Piece& value);

}  // namespace cairn::dockerfile
