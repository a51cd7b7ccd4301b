// SPDX-License-Identifier: BSD-3-Clause
#include "commands/heartbeat.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "stack/build/progress.hpp"

#include <fmt/core.h>

#include <signal.h>
#include <utility>

namespace cairn::commands {
namespace {

constexpr std::chrono::seconds kEvery{30};

}  // namespace

Heartbeat::Heartbeat(std::string doing, Say say, std::chrono::milliseconds every)
    : doing_(std::move(doing)), say_(std::move(say)), every_(every) {
  // Signals are for the threads that can do something about them.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { beat(); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Heartbeat::Heartbeat(std::string doing)
    : Heartbeat(
          std::move(doing), [](const std::string& line) { stack::Progress().line(line); }, kEvery) {
}

Heartbeat::~Heartbeat() {
  {
    const std::lock_guard guard(mutex_);
    is_over_ = true;
  }
  ended_.notify_one();
  thread_.join();
}

void Heartbeat::beat() {
  const Stopwatch watch;
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, every_, [this] { return is_over_; })) {
    say_(fmt::format("{}: {}", doing_, format_seconds(watch.seconds())));
  }
}

}  // namespace cairn::commands
