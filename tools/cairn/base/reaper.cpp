// SPDX-License-Identifier: BSD-3-Clause
#include "base/reaper.hpp"

#include "base/contained.hpp"

#include <poll.h>
#include <signal.h>
#include <unistd.h>
#include <utility>

namespace cairn {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kGrace{10};
constexpr std::chrono::seconds kLookForContainers{1};

// Where none runs there is nothing to wait for, and the next one shall not begin.
void end_containers(const GroupEnd& group) {
  auto limit = Clock::now() + kLookForContainers;
  bool any = false;
  while (Clock::now() < limit && !(group.in_a_hurry && group.in_a_hurry())) {
    if (kill_contained(group.leader) && !std::exchange(any, true)) limit = Clock::now() + kGrace;
    if (group.ended()) return;
  }
}

void read_away(pollfd& from) {
  char buffer[65536];
  if (from.revents == 0 || ::read(from.fd, buffer, sizeof buffer) > 0) return;
  ::close(from.fd);
  from.fd = -1;
}

void end_when_it_runs(pid_t command, int ended, std::array<int, 2> outputs) {
  std::array<pollfd, 3> wanted{
      {{ended, POLLIN, 0}, {outputs[0], POLLIN, 0}, {outputs[1], POLLIN, 0}}};
  const auto has_ended = [&] {
    constexpr int kLittle = 50;
    ::poll(wanted.data(), wanted.size(), kLittle);
    read_away(wanted[1]);
    read_away(wanted[2]);
    return ended < 0 ? ::kill(command, 0) != 0 : wanted[0].revents != 0;
  };
  if (!has_ended()) end_group({command, true, has_ended, nullptr});
}

}  // namespace

void end_group(const GroupEnd& group) {
  if (group.containers_first) end_containers(group);
  if (!group.ended()) ::kill(-group.leader, SIGTERM);
  const auto limit = Clock::now() + kGrace;
  while (Clock::now() < limit && !group.ended()) {
  }
  // The group may outlive its first process.
  ::kill(-group.leader, SIGKILL);
}

Reaper::Reaper(pid_t command, int ended, std::array<int, 2> outputs)
    : lifeline_({ended, outputs[0], outputs[1]},
                [command, ended, outputs] { end_when_it_runs(command, ended, outputs); }) {}

}  // namespace cairn
