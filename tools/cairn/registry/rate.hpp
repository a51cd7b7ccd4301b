// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace cairn::registry {

/// How many requests a minute this machine makes of a registry, all processes of the user together:
/// the state of each host is a file, changed under flock(2), so that nothing is left to clean up
/// when a process dies.
class RateLimits {
 public:
  struct Options {
    std::filesystem::path folder;             ///< of the files; it must exist
    std::map<std::string, int> per_minute{};  ///< of hosts that have a limit from the first request
    int after_429 = 300;                      ///< the limit of a host that has answered 429
    std::function<std::int64_t()> now{};      ///< milliseconds of one clock; unset: CLOCK_MONOTONIC
    std::function<void(std::chrono::milliseconds)> sleep{};  ///< unset: really sleeps
  };

  explicit RateLimits(Options options);

  /// Takes one request's place and waits until its time has come: at most the limit in any minute,
  /// a sixth of it at once. At once where there is no limit.
  void wait(const std::string& host);

  /// The host answered 429: nobody asks it again before `pause` is over, and for ten minutes it has
  /// a limit, half of what it was with each further 429, down to a tenth.
  void slow_down(const std::string& host, std::chrono::milliseconds pause);

 private:
  struct State;
  void change(const std::string& host, const std::function<void(State&)>& by);
  int limit_of(const std::string& host, const State& state, std::int64_t now) const;

  Options options_;
};

/// The limits of this user on this machine: 300 a minute for docker.io, no others.
RateLimits::Options default_rates();

/// The name of the slots (base/lock.hpp) that uploads to `host` share on this machine.
std::string slots_of(const std::string& host);

}  // namespace cairn::registry
