// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/process.hpp"

#include <array>
#include <functional>

namespace cairn {

/// A process beside ours that does something when ours is gone without a last word, as by SIGKILL.
/// It is no child of ours but of init (or the nearest subreaper): who kills ours with all its
/// descendants, as ctest does at a time limit, does not find it.
///
/// It is forked and goes on without an exec, and what it does then may allocate. So either no other
/// thread runs when it is started, or libc must leave its allocator usable after a fork, as glibc
/// and musl (from 1.2.2) do; it touches no other lock.
class Lifeline {
 public:
  /// Of our open files only `kept` (-1: none) stay open there, or a lock or a pipe that somebody
  /// reads to its end would outlive us by it.
  Lifeline(const std::array<int, 3>& kept, const std::function<void()>& when_we_are_gone);
  /// The last word: there is nothing to be done any more. Returns when the process has ended.
  ~Lifeline();
  Lifeline(const Lifeline&) = delete;
  Lifeline& operator=(const Lifeline&) = delete;

  /// False when the system has nothing left to start it with.
  bool watches() const { return watches_; }

 private:
  int end_ = -1;
  bool watches_ = false;
};

/// Runs a command that removes something when our process is gone without having done so: several
/// times in 10 s, since what it removes may not have been made yet.
class RemovalOnDeath {
 public:
  explicit RemovalOnDeath(const Command& command);

 private:
  std::vector<std::string> words_;
  std::vector<std::string> environment_;
  Lifeline lifeline_;
};

}  // namespace cairn
