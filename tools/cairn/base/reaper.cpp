// SPDX-License-Identifier: BSD-3-Clause
#include "base/reaper.hpp"

#include "base/contained.hpp"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace cairn {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kGrace{10};
constexpr std::chrono::seconds kLookForContainers{1};
constexpr unsigned kMostWithoutTheCall = 4096;  // before Linux 5.9 close_range(2) is not there

// Where none runs there is nothing to wait for, and the next one shall not begin.
void end_containers(const GroupEnd& group) {
  auto limit = Clock::now() + kLookForContainers;
  bool any = false;
  while (Clock::now() < limit && !(group.in_a_hurry && group.in_a_hurry())) {
    if (kill_contained(group.leader) && !std::exchange(any, true)) limit = Clock::now() + kGrace;
    if (group.ended()) return;
  }
}

/// Closes all but `kept`: what our process holds open, a lock or a pipe that somebody reads to its
/// end, must not outlive it by this one.
void close_all_but(std::array<int, 4> kept) {
  std::sort(kept.begin(), kept.end());
  unsigned first = 0;
  constexpr unsigned kLast = ~0U;
  const auto close_between = [](unsigned from, unsigned to) {
    if (::syscall(SYS_close_range, from, to, 0U) == 0) return;
    for (unsigned fd = from; fd <= std::min(to, kMostWithoutTheCall); ++fd)
      ::close(static_cast<int>(fd));
  };
  for (const int fd : kept) {
    if (fd < 0) continue;
    const auto number = static_cast<unsigned>(fd);
    if (number > first) close_between(first, number - 1);
    first = number + 1;
  }
  close_between(first, kLast);
}

void read_away(pollfd& from) {
  char buffer[65536];
  if (from.revents == 0 || ::read(from.fd, buffer, sizeof buffer) > 0) return;
  ::close(from.fd);
  from.fd = -1;
}

[[noreturn]] void watch(int lifeline, pid_t command, int ended, std::array<int, 2> outputs) {
  ::setsid();  // what is sent to our group is for ours to act on
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE})
    ::signal(signal, SIG_IGN);
  close_all_but({lifeline, ended, outputs[0], outputs[1]});
  char word = 0;
  ssize_t got = 0;
  do {
    got = ::read(lifeline, &word, sizeof word);
  } while (got < 0 && errno == EINTR);
  if (got > 0) ::_exit(0);
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
  ::_exit(0);
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

Reaper::Reaper(pid_t command, int ended, std::array<int, 2> outputs) {
  // A socket, since a pipe would answer the last word with SIGPIPE.
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return;
  pid_ = ::fork();
  if (pid_ == 0) watch(ends[1], command, ended, outputs);
  ::close(ends[1]);
  if (pid_ > 0) {
    lifeline_ = ends[0];
  } else {
    ::close(ends[0]);
  }
}

Reaper::~Reaper() {
  if (lifeline_ >= 0) {
    constexpr char kWord = '.';
    [[maybe_unused]] const ssize_t told = ::send(lifeline_, &kWord, sizeof kWord, MSG_NOSIGNAL);
    ::close(lifeline_);
  }
  if (pid_ < 0) return;
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace cairn
