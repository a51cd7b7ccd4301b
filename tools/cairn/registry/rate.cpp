// SPDX-License-Identifier: BSD-3-Clause
#include "registry/rate.hpp"

#include "base/error.hpp"
#include "base/lock.hpp"
#include "base/process.hpp"
#include "base/sha256.hpp"
#include "base/time.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace cairn::registry {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kMinute = 60000;
constexpr std::int64_t kRemembered = 10 * kMinute;

std::int64_t monotonic_now() {
  return std::chrono::duration_cast<milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

class LockedFile {
 public:
  explicit LockedFile(const std::filesystem::path& path)
      : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    if (fd_ < 0) throw_errno("opening", path.string());
    int locked = 0;
    do {
      locked = ::flock(fd_, LOCK_EX);
    } while (locked != 0 && errno == EINTR);
    if (locked != 0) {
      ::close(fd_);
      throw_errno("locking", path.string());
    }
  }
  ~LockedFile() { ::close(fd_); }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

/// Times in milliseconds of the clock; 0 where there is none.
struct RateLimits::State {
  std::int64_t next = 0;        ///< when the next request would be made at an even pace
  std::int64_t not_before = 0;  ///< what a 429 told
  std::int64_t limited_until = 0;
  std::int64_t per_minute = 0;  ///< since a 429, until `limited_until`

  bool operator==(const State&) const = default;
};

RateLimits::RateLimits(Options options) : options_(std::move(options)) {
  if (!options_.now) options_.now = monotonic_now;
  if (!options_.sleep) options_.sleep = sleep_for;
}

void RateLimits::change(const std::string& host, const std::function<void(State&)>& by) {
  const std::filesystem::path path = options_.folder / (slots_of(host) + ".rate");
  const LockedFile file(path);
  State state;
  char text[128] = "";
  const ssize_t got = ::pread(file.fd(), text, sizeof text - 1, 0);
  long long next = 0, not_before = 0, until = 0, rate = 0;
  if (got > 0 && std::sscanf(text, "%lld %lld %lld %lld", &next, &not_before, &until, &rate) == 4) {
    // A file from before the machine's start tells times that are far off: they do not count.
    const std::int64_t latest = options_.now() + 2 * kRemembered;
    if (std::max({next, not_before, until}) <= latest) state = {next, not_before, until, rate};
  }
  const State before = state;
  by(state);
  if (state == before) return;
  // Always of one length, so that it need not be cut: ext4 syncs a file that is cut and written.
  const int length = std::snprintf(
      text, sizeof text, "%20lld %20lld %20lld %20lld\n", static_cast<long long>(state.next),
      static_cast<long long>(state.not_before), static_cast<long long>(state.limited_until),
      static_cast<long long>(state.per_minute));
  if (::pwrite(file.fd(), text, static_cast<std::size_t>(length), 0) != length) {
    throw_errno("writing", path.string());
  }
}

int RateLimits::limit_of(const std::string& host, const State& state, std::int64_t now) const {
  const auto given = options_.per_minute.find(host);
  const int own = given == options_.per_minute.end() ? 0 : given->second;
  if (state.limited_until <= now) return own;
  const int learnt = static_cast<int>(state.per_minute);
  return own == 0 ? learnt : std::min(own, learnt);
}

void RateLimits::wait(const std::string& host) {
  std::int64_t pause = 0;
  change(host, [&](State& state) {
    const std::int64_t now = options_.now();
    std::int64_t start = std::max(now, state.not_before);
    if (const int limit = limit_of(host, state, now); limit > 0) {
      // Five sixths of the limit at an even pace and one sixth at once: together the limit.
      const std::int64_t pace = kMinute * 6 / (limit * 5LL);
      const std::int64_t at_once = pace * (limit / 6);
      state.next = std::max(state.next, now) + pace;
      start = std::max(start, state.next - pace - at_once);
    }
    pause = start - now;
  });
  if (pause > 0) options_.sleep(milliseconds(pause));
}

void RateLimits::slow_down(const std::string& host, milliseconds pause) {
  change(host, [&](State& state) {
    const std::int64_t now = options_.now();
    const std::int64_t told = std::min<std::int64_t>(pause.count(), kRemembered);
    const bool limited = state.limited_until > now;
    // Several requests on their way are refused together: that is one refusal.
    if (!limited) {
      state.per_minute = options_.after_429;
    } else if (now >= state.not_before) {
      state.per_minute =
          std::max<std::int64_t>(std::max(1, options_.after_429 / 10), state.per_minute / 2);
    }
    state.limited_until = now + kRemembered;
    state.not_before = std::max(state.not_before, now + told);
  });
}

RateLimits::Options default_rates() {
  return {lock_directory(), {{"docker.io", 300}}, 300};
}

std::string slots_of(const std::string& host) {
  return "registry-" + sha256_hex(host).substr(0, 16);
}

}  // namespace cairn::registry
