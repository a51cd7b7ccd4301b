// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/json.hpp"
#include "engine/engine.hpp"

#include <functional>
#include <string>
#include <vector>

namespace cairn::engine {

/// A detached container of a command line that knows `run --detach`, `exec` and `logs`, as docker
/// and podman do. Who derives from it removes the container.
class CliContainer : public Container {
 public:
  const std::string& id() const override { return id_; }
  bool running() override;
  int exit_status() override;
  std::string address(int container_port) override;
  RunResult exec(const std::vector<std::string>& argv,
                 std::optional<std::chrono::milliseconds> time_limit) override;
  std::string logs() override;

 protected:
  CliContainer(const Endpoint& endpoint, std::string name);

  /// Starts the container of `request`. Once the command line has ended by itself, and before a
  /// refusal is thrown, `ended` is told whether a container of ours was made: if not, the name is
  /// another's.
  void start(const RunRequest& request, const std::function<void(bool made)>& ended);
  /// The engine's own description of the container (`container inspect`). Throws when it is gone.
  virtual Json look() = 0;
  /// Whether a failed exec may be the engine's word and not the command's.
  virtual bool may_be_refusal(const ProcessResult& result) const = 0;

  const Endpoint& endpoint() const { return endpoint_; }
  const std::string& name() const { return name_; }
  Json state() { return look().at("State"); }

 private:
  const Endpoint endpoint_;
  std::string name_;
  std::string id_;
};

}  // namespace cairn::engine
