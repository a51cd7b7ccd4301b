// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/report/stack_view.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// What a build would do to one image now.
enum class Action {
  none,     ///< it is what it should be
  reuse,    ///< a record of the same key is in the store, and its image in the engine
  build,    ///< certainly
  perhaps,  ///< only if a parent that is built first comes out different
  blocked   ///< it, or a parent of it, cannot be keyed
};

std::string to_string(Action action);

struct Outlook {
  Action action = Action::none;
  std::optional<ImageRecord> record;  ///< what will be there; nothing when a build decides
  std::string parent;                 ///< that `perhaps` and `blocked` hang on; empty: its own
};

/// One an image of `view`, in its order: parents first.
std::vector<Outlook> outlooks(StackView& view);

}  // namespace cairn::stack
