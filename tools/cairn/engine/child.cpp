// SPDX-License-Identifier: BSD-3-Clause
#include "engine/child.hpp"

#include "base/error.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace cairn::engine {
namespace {

using Clock = std::chrono::steady_clock;

/// posix_spawn's two objects, freed on every path.
struct SpawnSetup {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};

  explicit SpawnSetup(const Child::Files& files) {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    place(files.in, 0, O_RDONLY);
    place(files.out, 1, O_WRONLY);
    place(files.err, 2, O_WRONLY);
    sigset_t reset;
    ::sigemptyset(&reset);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE})
      ::sigaddset(&reset, signal);
    ::posix_spawnattr_setsigdefault(&attributes, &reset);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSetup() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;

  void place(int from, int to, int mode) {
    if (from >= 0) {
      ::posix_spawn_file_actions_adddup2(&actions, from, to);
    } else {
      ::posix_spawn_file_actions_addopen(&actions, to, "/dev/null", mode, 0);
    }
  }
};

}  // namespace

Child::Child(const Command& command, Files files, bool ends_with_us) {
  std::vector<std::string> words = command.argv;
  std::vector<std::string> environment = environment_of(command);
  const std::vector<char*> argv = exec_pointers(words);
  const std::vector<char*> env = exec_pointers(environment);
  SpawnSetup setup(files);
  const int code =
      ::posix_spawnp(&pid_, argv[0], &setup.actions, &setup.attributes, argv.data(), env.data());
  if (code != 0) {
    throw Error("starting '" + command.argv[0] + "': " + std::strerror(code));
  }
  if (!ends_with_us) return;
  ended_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  reaper_.emplace(pid_, ended_, std::array<int, 2>{-1, -1});
}

Child::~Child() {
  end(std::chrono::seconds(1));
  reaper_.reset();
  if (ended_ >= 0) ::close(ended_);
}

bool Child::running() {
  return !wait_for(std::chrono::milliseconds(0));
}

bool Child::wait_for(std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  while (!reaped_) {
    int status = 0;
    const pid_t got = ::waitpid(pid_, &status, WNOHANG);
    if (got == pid_) {
      reaped_ = true;
      exit_status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    } else if (Clock::now() >= deadline) {
      return false;
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  return true;
}

void Child::end(std::chrono::milliseconds grace) {
  if (reaped_) return;
  ::kill(-pid_, SIGTERM);
  const bool ended = wait_for(grace);
  // The group may outlive its first process.
  ::kill(-pid_, SIGKILL);
  if (!ended) wait_for(std::chrono::seconds(10));
}

bool run_cleanup(const Command& command, std::chrono::milliseconds limit) noexcept {
  try {
    Child child(command, {});
    return child.wait_for(limit) && child.exit_status() == 0;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace cairn::engine
