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
  static std::mt19937 generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

void really_sleep(milliseconds pause) {
  poll_until(interrupted, pause);
  check_interrupted();
}

std::optional<milliseconds> asked_pause(const Answer& answer) {
  const std::string text = answer.header("retry-after");
  long seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::chrono::seconds(std::clamp(seconds, 0L, 86400L));
}

bool may_pass(const Answer& answer) {
  // 501 and 505 say what the server is, not how it feels.
  return answer.status == 429 ||
         (answer.status >= 500 && answer.status != 501 && answer.status != 505);
}

}  // namespace

Answer send_with_retries(const RetryPolicy& policy, const std::function<Answer()>& send) {
  for (int attempt = 1;; ++attempt) {
    const bool last = attempt >= policy.attempts;
    const double jitter = policy.jitter ? policy.jitter() : random_jitter();
    const milliseconds whole =
        std::min(policy.longest, milliseconds(policy.base * (1L << std::min(attempt - 1, 20))));
    milliseconds pause(static_cast<long>(static_cast<double>(whole.count()) * (1 + jitter) / 2));
    try {
      Answer answer = send();
      if (last || !may_pass(answer)) return answer;
      if (const auto asked = asked_pause(answer)) pause = std::min(policy.longest, *asked);
    } catch (const TransientError&) {
      if (last) throw;
    }
    policy.sleep ? policy.sleep(pause) : really_sleep(pause);
  }
}

}  // namespace cairn::registry
