// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "registry/transport.hpp"

#include <chrono>
#include <functional>

namespace cairn::registry {

/// When a request is made again: after no answer, after 429, and after a 5xx.
struct RetryPolicy {
  int attempts = 5;
  std::chrono::milliseconds base{500};       ///< the first pause; each further one is twice as long
  std::chrono::milliseconds longest{30000};  ///< also of a Retry-After
  std::function<void(std::chrono::milliseconds)> sleep;  ///< unset: really sleeps
  std::function<double()> jitter;                        ///< in [0, 1); unset: random
};

/// Sends by `send` until an answer stands or the attempts are used up; the last answer or error is
/// the caller's. Half of each pause is jitter; Retry-After (RFC 9110, in seconds) goes before it.
Answer send_with_retries(const RetryPolicy& policy, const std::function<Answer()>& send);

}  // namespace cairn::registry
