// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace cairn::commands {

/// Shows that a long step lives: `cairn: testing 'app': 30 s`, every 30 s while the object lives
/// (docs/decisions/0004-live-lines.md). A step that is over before says nothing.
class Heartbeat {
 public:
  using Say = std::function<void(const std::string&)>;

  /// `doing`: `testing 'app'`. `say` gets each line without its `cairn: `.
  Heartbeat(std::string doing, Say say, std::chrono::milliseconds every);
  /// Says it where a build does, too.
  explicit Heartbeat(std::string doing);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

 private:
  void beat();

  std::string doing_;
  Say say_;
  std::chrono::milliseconds every_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_over_ = false;
  std::thread thread_;
};

}  // namespace cairn::commands
