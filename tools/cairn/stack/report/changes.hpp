// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/scan/part_file.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// One difference between what a key held and what it holds.
struct PartChange {
  enum class What { added, removed, changed, mode_only };
  std::string kind;  ///< as KeyPart::kind
  std::string name;
  What what = What::changed;
  std::string then, now;                            ///< digests; empty on the side where it is not
  std::optional<std::string> old_value, new_value;  ///< where they may be shown
};

std::string to_string(PartChange::What what);  ///< `added`, `removed`, `changed`, `mode`

/// What differs, in the order of kinds in which people look for a cause: files last but for what
/// surrounds the image.
std::vector<PartChange> part_changes(const std::vector<ShownPart>& then,
                                     const std::vector<ShownPart>& now);

/// `file bin/start.sh changed`, `argument PYTHON_VERSION: 3.11 -> 3.12`.
std::string describe(const PartChange& change);

/// A part for a list of all: `argument PYTHON_VERSION = 3.11`.
std::string describe(const ShownPart& part);

}  // namespace cairn::stack
