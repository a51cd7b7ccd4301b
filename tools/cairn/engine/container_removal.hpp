// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/lifeline.hpp"
#include "engine/engine.hpp"

#include <optional>
#include <string>

namespace cairn::engine {

/// Removes a container by name when it or our process goes. It is there before the container: an
/// interrupt may leave one that nobody has heard of yet.
class ContainerRemoval {
 public:
  ContainerRemoval(const Endpoint& endpoint, const std::string& name);
  ~ContainerRemoval();
  /// The container is gone already, or never was ours.
  void dismiss() { on_death_.reset(); }
  ContainerRemoval(const ContainerRemoval&) = delete;
  ContainerRemoval& operator=(const ContainerRemoval&) = delete;

 private:
  const Command command_;
  std::optional<RemovalOnDeath> on_death_;
};

}  // namespace cairn::engine
