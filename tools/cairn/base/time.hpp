// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace cairn {

/// Now, in seconds since 1970; SOURCE_DATE_EPOCH never enters by itself (exactness rule 4).
std::int64_t unix_now();

/// `2026-08-08T20:28:54Z` (RFC 3339, UTC).
std::string format_utc(std::int64_t unix_seconds);
/// What format_utc wrote; nothing for any other text.
std::optional<std::int64_t> parse_utc(const std::string& text);

/// Asks until `holds` says yes, with pauses of 20 ms, and once at least; false when `limit` is over
/// before. For what tells nobody when it changes.
bool poll_until(const std::function<bool()>& holds, std::chrono::milliseconds limit);

/// Seconds since the object was made.
class Stopwatch {
 public:
  Stopwatch() : start_(std::chrono::steady_clock::now()) {}
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_;
};

}  // namespace cairn
