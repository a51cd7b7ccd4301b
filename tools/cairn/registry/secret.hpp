// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <utility>

namespace cairn::registry {

/// A password or token. It has no `<<` and no fmt formatter, so that it cannot reach a message by
/// accident; whoever sends it says so by `reveal`.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  const std::string& reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

}  // namespace cairn::registry
