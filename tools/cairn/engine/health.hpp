// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "oci/image_config.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::engine {

/// The argument vector of an image's healthcheck; empty when it has none (or `NONE`).
std::vector<std::string> health_command(const oci::ImageConfig& config);

/// An image's healthcheck without an engine that runs it by timers (rule 23): asked for the
/// health, it runs the check. One success is healthy; `retries` failures in a row, counted at
/// most one an interval and none within the start period, are unhealthy.
class HealthByExec {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  /// Runs the check inside the container within a time limit; true for exit status 0.
  using Check = std::function<bool(const std::vector<std::string>&, std::chrono::milliseconds)>;

  HealthByExec(const oci::ImageConfig& config, Clock clock, Check check);

  Health ask();

 private:
  void count_failure(std::chrono::steady_clock::time_point now);

  std::vector<std::string> command_;
  std::chrono::nanoseconds interval_{};
  std::chrono::nanoseconds timeout_{};
  std::chrono::nanoseconds start_period_{};
  int retries_ = 3;
  Clock clock_;
  Check check_;
  std::chrono::steady_clock::time_point start_;
  std::optional<std::chrono::steady_clock::time_point> last_failure_;
  int failures_ = 0;
  Health state_ = Health::starting;
};

}  // namespace cairn::engine
