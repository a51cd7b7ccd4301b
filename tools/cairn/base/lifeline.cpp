// SPDX-License-Identifier: BSD-3-Clause
#include "base/lifeline.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cairn {
namespace {

constexpr unsigned kMostWithoutTheCall = 4096;  // before Linux 5.9 close_range(2) is not there
constexpr std::array<unsigned, 4> kPauses{0, 1, 3, 6};  // seconds
constexpr char kWord = '.';  // of theirs: it watches; of ours: there is nothing to be done

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

/// Waits until the process at the other end says a word or is gone; whether it is gone.
bool is_gone(int lifeline) {
  char word = 0;
  ssize_t got = 0;
  do {
    got = ::read(lifeline, &word, sizeof word);
  } while (got < 0 && errno == EINTR);
  return got <= 0;
}

void run_and_wait(char* const* argv, char* const* environment) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE})
      ::signal(signal, SIG_DFL);
    ::execvpe(argv[0], argv, environment);
    ::_exit(127);
  }
  while (pid > 0 && ::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void remove_repeatedly(std::vector<std::string>& words, std::vector<std::string>& environment) {
  // All files were closed: these are the command's 0, 1 and 2.
  for (int stream = 0; stream < 3; ++stream) {
    const int null = ::open("/dev/null", O_RDWR);
    if (null != stream && null > 2) ::close(null);
  }
  const std::vector<char*> argv = exec_pointers(words);
  const std::vector<char*> env = exec_pointers(environment);
  for (const unsigned pause : kPauses) {
    ::sleep(pause);
    run_and_wait(argv.data(), env.data());
  }
}

[[noreturn]] void watch(int lifeline, const std::array<int, 3>& kept,
                        const std::function<void()>& when_we_are_gone) {
  ::setsid();  // what is sent to our group is for ours to act on
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE})
    ::signal(signal, SIG_IGN);
  close_all_but({lifeline, kept[0], kept[1], kept[2]});
  [[maybe_unused]] const ssize_t told = ::send(lifeline, &kWord, sizeof kWord, MSG_NOSIGNAL);
  if (is_gone(lifeline)) {
    ::close(lifeline);
    when_we_are_gone();
  }
  ::_exit(0);
}

}  // namespace

Lifeline::Lifeline(const std::array<int, 3>& kept, const std::function<void()>& when_we_are_gone) {
  // A socket, since a pipe would answer the last word with SIGPIPE.
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return;
  // Twice, so that it is no descendant of ours: ctest and others kill those first, and us last.
  const pid_t between = ::fork();
  if (between == 0) {
    if (::fork() == 0) watch(ends[1], kept, when_we_are_gone);
    ::_exit(0);
  }
  ::close(ends[1]);
  end_ = ends[0];
  watches_ = between > 0 && !is_gone(end_);
  while (between > 0 && ::waitpid(between, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Lifeline::~Lifeline() {
  if (end_ < 0) return;
  [[maybe_unused]] const ssize_t told = ::send(end_, &kWord, sizeof kWord, MSG_NOSIGNAL);
  // Until it has ended: what it was to keep open is not open any more then.
  while (!is_gone(end_)) {
  }
  ::close(end_);
}

RemovalOnDeath::RemovalOnDeath(const Command& command)
    : words_(command.argv),
      environment_(environment_of(command)),
      lifeline_({-1, -1, -1}, [this] { remove_repeatedly(words_, environment_); }) {}

}  // namespace cairn
