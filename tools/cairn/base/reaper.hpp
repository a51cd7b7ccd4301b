// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/lifeline.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <sys/types.h>

namespace cairn {

/// How a process group is ended.
struct GroupEnd {
  pid_t leader = -1;
  bool containers_first = false;  ///< kill_contained below the leader, which then cleans up
  /// Whether the leader has ended; waits for that up to some 50 ms.
  std::function<bool()> ended;
  /// Whether to wait for no clean-up; unset: never.
  std::function<bool()> in_a_hurry;
};

/// Ends it: containers where that is asked for, then SIGTERM, after 10 s SIGKILL.
void end_group(const GroupEnd& group);

/// A process beside ours that ends a command with its containers when ours is gone without having
/// done so, as by SIGKILL. A signal that the kernel sends to the command then (PR_SET_PDEATHSIG)
/// would not do: podman and buildah end of one at once, and what they run goes on.
class Reaper {
 public:
  /// `command` is a child of ours that leads its group, `ended` its pidfd or -1. `outputs` are the
  /// pipes that it writes to: they stay open and are read to the end, or it would die of SIGPIPE
  /// over its first word and clean up nothing.
  Reaper(pid_t command, int ended, std::array<int, 2> outputs);

  /// False when the system has nothing left to start it with. PR_SET_PDEATHSIG is better than
  /// nothing then.
  bool watches() const { return lifeline_.watches(); }

 private:
  Lifeline lifeline_;  ///< ends when the command has ended, or is ended by ours
};

}  // namespace cairn
