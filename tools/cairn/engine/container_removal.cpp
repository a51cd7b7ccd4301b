// SPDX-License-Identifier: BSD-3-Clause
#include "engine/container_removal.hpp"

#include "engine/child.hpp"
#include "engine/run_commands.hpp"

namespace cairn::engine {

ContainerRemoval::ContainerRemoval(const Endpoint& endpoint, const std::string& name)
    : command_(remove_container_command(endpoint, name)), on_death_(std::in_place, command_) {}

ContainerRemoval::~ContainerRemoval() {
  if (on_death_) run_cleanup(command_);
}

}  // namespace cairn::engine
