// SPDX-License-Identifier: BSD-3-Clause
#include "registry/retry.hpp"

#include "base/process.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "registry/errors.hpp"

#include <algorithm>
#include <charconv>
#include <random>

namespace cairn::registry {
namespace {

using std::chrono::milliseconds;

double random_jitter() {
  thread_local std::mt19937 generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

}  // namespace

std::optional<milliseconds> asked_pause(const Answer& answer, std::int64_t now) {
  const std::string text = answer.header("retry-after");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty()) return std::nullopt;
  if (error != std::errc() || end != text.data() + text.size()) {
    const auto date = http_date(text);
    if (!date) return std::nullopt;
    seconds = *date - now;
  }
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, 86400));
}

bool may_pass(const Answer& answer) {
  const int status = answer.status;
  return status == 429 || (status >= 500 && status != 501 && status != 505 && status != 507);
}

bool Backoff::pause(const Answer* answer) {
  if (attempt_ >= policy_.attempts) return false;
  const double jitter = policy_.jitter ? policy_.jitter() : random_jitter();
  const milliseconds whole =
      std::min(policy_.longest, milliseconds(policy_.base * (1L << std::min(attempt_ - 1, 20))));
  milliseconds pause(static_cast<long>(static_cast<double>(whole.count()) * (1 + jitter) / 2));
  if (answer != nullptr) {
    if (const auto asked = asked_pause(*answer, unix_now())) {
      pause = std::min(policy_.longest, *asked);
    }
  }
  ++attempt_;
  policy_.sleep ? policy_.sleep(pause) : sleep_for(pause);
  return true;
}

Answer send_with_retries(const RetryPolicy& policy, const std::function<Answer()>& send) {
  Backoff backoff(policy);
  for (;;) {
    try {
      Answer answer = send();
      if (!may_pass(answer) || !backoff.pause(&answer)) return answer;
    } catch (const TransientError&) {
      if (!backoff.pause(nullptr)) throw;
    }
  }
}

}  // namespace cairn::registry
