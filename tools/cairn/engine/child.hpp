// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/process.hpp"
#include "base/reaper.hpp"

#include <chrono>
#include <optional>
#include <sys/types.h>

namespace cairn::engine {

/// A process beside ours, in a group of its own. Unlike run_process it goes on while this process
/// does other things, and an interrupt of ours does not end it: what cleans up must be able to
/// run to its end.
class Child {
 public:
  /// Open files the child gets; -1 is /dev/null. They stay the caller's.
  struct Files {
    int in = -1;
    int out = -1;
    int err = -1;
  };

  /// Throws Error when the program cannot be started. `Command::input` is not written. With
  /// `ends_with_us` the group is ended with its containers also when our process is killed.
  Child(const Command& command, Files files, bool ends_with_us = false);
  /// Kills the group when the process still runs.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  bool running();
  /// Waits up to `limit`; returns whether the process has ended.
  bool wait_for(std::chrono::milliseconds limit);
  /// As a shell shows it. Only for an ended process.
  int exit_status() const { return exit_status_; }
  /// SIGTERM to the group, SIGKILL to what is left of it after `grace`.
  void end(std::chrono::milliseconds grace);

 private:
  pid_t pid_ = -1;
  int ended_ = -1;  ///< pidfd
  std::optional<Reaper> reaper_;
  bool reaped_ = false;
  int exit_status_ = 0;
};

/// Runs a command that cleans up, its output thrown away, interrupts ignored. Never throws;
/// returns whether it ended with status 0 within `limit`.
bool run_cleanup(const Command& command,
                 std::chrono::milliseconds limit = std::chrono::seconds(30)) noexcept;

}  // namespace cairn::engine
