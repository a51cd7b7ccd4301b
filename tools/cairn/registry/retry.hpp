// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "registry/transport.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

namespace cairn::registry {

/// When a request is made again: after no answer, after 429, and after a 5xx.
struct RetryPolicy {
  int attempts = 5;
  std::chrono::milliseconds base{500};       ///< the first pause; each further one is twice as long
  std::chrono::milliseconds longest{30000};  ///< also of a Retry-After
  std::function<void(std::chrono::milliseconds)> sleep;  ///< unset: really sleeps
  std::function<double()> jitter;                        ///< in [0, 1); unset: random
};

/// The pauses between the attempts of one request.
class Backoff {
 public:
  explicit Backoff(const RetryPolicy& policy) : policy_(policy) {}

  /// Sleeps before the next attempt; false, at once, when none is left. `answer` is what came, if
  /// anything did: its Retry-After goes before our own pause, of which half is jitter.
  bool pause(const Answer* answer);

 private:
  const RetryPolicy& policy_;
  int attempt_ = 1;
};

/// Whether the same request may be answered otherwise a little later: 429, and 5xx other than 501,
/// 505 and 507, which say what the server is or has, not how it feels.
bool may_pass(const Answer& answer);

/// What a Retry-After asks for (RFC 9110, section 10.2.3: seconds, or a date as seen from `now`, in
/// seconds since 1970), at most a day.
std::optional<std::chrono::milliseconds> asked_pause(const Answer& answer, std::int64_t now);

/// Sends by `send` until an answer stands or the attempts are used up; the last answer or error is
/// the caller's.
Answer send_with_retries(const RetryPolicy& policy, const std::function<Answer()>& send);

}  // namespace cairn::registry
