// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <stdexcept>
#include <string>

namespace cairn::fuzz {

/// Something that must hold for every input does not. A fuzzer dies of it with its text, a unit
/// test fails with it.
class PropertyBroken : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Throws PropertyBroken with what must hold.
inline void require(bool holds, const std::string& property) {
  if (!holds) {
    throw PropertyBroken("property broken: " + property);
  }
}

}  // namespace cairn::fuzz
