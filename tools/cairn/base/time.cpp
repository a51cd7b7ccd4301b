// SPDX-License-Identifier: BSD-3-Clause
#include "base/time.hpp"

#include <algorithm>
#include <ctime>
#include <thread>

namespace cairn {

std::int64_t unix_now() {
  return static_cast<std::int64_t>(std::time(nullptr));
}

std::string format_utc(std::int64_t unix_seconds) {
  const std::time_t time = unix_seconds;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[32];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text, length};
}

std::optional<std::int64_t> parse_utc(const std::string& text) {
  std::tm parts{};
  const char* end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end == nullptr) return std::nullopt;
  const std::int64_t seconds = ::timegm(&parts);
  // strptime(3) takes more than is written here: blanks, short numbers, 31 February.
  if (format_utc(seconds) != text) return std::nullopt;
  return seconds;
}

bool poll_until(const std::function<bool()>& holds, std::chrono::milliseconds limit) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + limit;
  while (!holds()) {
    const auto left = deadline - Clock::now();
    if (left <= Clock::duration::zero()) return false;
    std::this_thread::sleep_for(std::min<Clock::duration>(left, std::chrono::milliseconds(20)));
  }
  return true;
}

}  // namespace cairn
