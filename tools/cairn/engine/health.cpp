// SPDX-License-Identifier: BSD-3-Clause
#include "engine/health.hpp"

namespace cairn::engine {
namespace {

// What docker takes for a value of zero (moby daemon/health.go).
constexpr std::chrono::seconds kDefaultInterval{30};
constexpr std::chrono::seconds kDefaultTimeout{30};
constexpr int kDefaultRetries = 3;

}  // namespace

std::vector<std::string> health_command(const oci::ImageConfig& config) {
  if (!config.healthcheck || config.healthcheck->test.size() < 2) return {};
  const std::vector<std::string>& test = config.healthcheck->test;
  if (test[0] == "CMD") return {test.begin() + 1, test.end()};
  if (test[0] != "CMD-SHELL") return {};
  std::vector<std::string> words = config.shell;
  if (words.empty()) words = {"/bin/sh", "-c"};
  words.push_back(test[1]);
  return words;
}

HealthByExec::HealthByExec(const oci::ImageConfig& config, Clock clock, Check check)
    : command_(health_command(config)), clock_(std::move(clock)), check_(std::move(check)) {
  start_ = clock_();
  if (command_.empty()) return;
  const oci::Healthcheck& declared = *config.healthcheck;
  interval_ = std::chrono::nanoseconds(declared.interval);
  timeout_ = std::chrono::nanoseconds(declared.timeout);
  start_period_ = std::chrono::nanoseconds(declared.start_period);
  if (interval_.count() == 0) interval_ = kDefaultInterval;
  if (timeout_.count() == 0) timeout_ = kDefaultTimeout;
  retries_ = declared.retries == 0 ? kDefaultRetries : declared.retries;
}

Health HealthByExec::ask() {
  if (command_.empty()) return Health::none;
  if (check_(command_, std::chrono::duration_cast<std::chrono::milliseconds>(timeout_))) {
    failures_ = 0;
    last_failure_.reset();
    state_ = Health::healthy;
  } else {
    count_failure(clock_());
  }
  return state_;
}

void HealthByExec::count_failure(std::chrono::steady_clock::time_point now) {
  if (state_ != Health::healthy && now - start_ < start_period_) return;
  if (last_failure_ && now - *last_failure_ < interval_) return;
  last_failure_ = now;
  ++failures_;
  if (failures_ >= retries_) state_ = Health::unhealthy;
}

}  // namespace cairn::engine
