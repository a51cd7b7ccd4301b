// SPDX-License-Identifier: BSD-3-Clause
#include "base/process.hpp"

#include "base/error.hpp"
#include "base/reaper.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace cairn {
namespace {

using Clock = std::chrono::steady_clock;

volatile sig_atomic_t g_interrupted = 0;
void on_interrupt(int) {
  if (g_interrupted < 2) g_interrupted = g_interrupted + 1;
}

/// Until when, by Clock, the first one counts as none.
std::atomic<Clock::rep> g_let_off_until{0};

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw Error(std::string("making a pipe: ") + std::strerror(errno));
    }
  }
  ~Pipe() {
    close(0);
    close(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close(std::size_t end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
};

/// What a child needs between fork and exec, where nothing may be allocated.
struct Start {
  char** argv;
  char** environment;
  const char* directory;  ///< empty: stay
  std::array<int, 3> streams;
  int failure;  ///< where `errno` is written when there is no exec
  /// Where our process says, by a byte, whether a reaper watches; -1: none does.
  std::array<int, 2> reaper;
  pid_t parent;  ///< whose death ends this one, unless a reaper sees to that
};

constexpr char kWatched = 'w';
constexpr char kUnwatched = 'u';

/// Waits for our word on a reaper. Without one there is no us any more, and nothing is started.
bool is_watched(const Start& start) {
  if (start.reaper[0] < 0) return false;
  ::close(start.reaper[1]);  // or ours would not be the last
  char word = 0;
  ssize_t got = 0;
  do {
    got = ::read(start.reaper[0], &word, sizeof word);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) ::_exit(127);
  return word == kWatched;
}

// What the child does between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(const Start& start) {
  ::setpgid(0, 0);
  // Killed by SIGKILL we cannot end the group: then the kernel tells our child. It does when the
  // thread dies that made the child, which is the one that waits for it.
  if (!is_watched(start)) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != start.parent) ::_exit(127);  // it died before
  }
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  ::signal(SIGPIPE, SIG_DFL);
  bool placed = *start.directory == '\0' || ::chdir(start.directory) == 0;
  for (int stream = 0; stream < 3; ++stream) {
    placed = placed && ::dup2(start.streams[static_cast<std::size_t>(stream)], stream) >= 0;
  }
  if (placed) ::execvpe(start.argv[0], start.argv, start.environment);
  const int code = errno;
  [[maybe_unused]] const ssize_t told = ::write(start.failure, &code, sizeof code);
  ::_exit(127);
}

/// One running child with its pipes.
class Child {
 public:
  Child(const Command& command, const RunOptions& options)
      : options_(options), input_(command.input) {
    std::vector<std::string> words = command.argv;
    std::vector<std::string> environment = environment_of(command);
    std::vector<char*> argv = exec_pointers(words);
    std::vector<char*> env = exec_pointers(environment);
    const Start start{argv.data(),
                      env.data(),
                      command.directory.c_str(),
                      {in_.ends[0], out_.ends[1], err_.ends[1]},
                      failure_.ends[1],
                      options.cleans_up_containers ? word_.ends : std::array<int, 2>{-1, -1},
                      ::getpid()};
    pid_ = ::fork();
    if (pid_ < 0) throw Error("starting '" + command.argv[0] + "': " + std::strerror(errno));
    if (pid_ == 0) become(start);
    ::setpgid(pid_, pid_);
    in_.close(0);
    out_.close(1);
    err_.close(1);
    failure_.close(1);
    // Its end wakes poll. glibc has had a name for the call since 2.36 only; before Linux 5.3 it
    // fails, and the end is asked for.
    ended_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    if (options.cleans_up_containers) start_reaper();
    int code = 0;
    if (::read(failure_.ends[0], &code, sizeof code) == static_cast<ssize_t>(sizeof code)) {
      ::waitpid(pid_, nullptr, 0);
      if (ended_ >= 0) ::close(ended_);
      throw Error("starting '" + command.argv[0] + "': " + std::strerror(code));
    }
    if (input_.empty()) in_.close(1);
    if (in_.ends[1] >= 0) ::fcntl(in_.ends[1], F_SETFL, O_NONBLOCK);
  }

  ~Child() {
    if (ended_ >= 0) ::close(ended_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  ProcessResult wait() {
    const auto start = Clock::now();
    auto next_tick = start + options_.tick;
    bool stopped = false;
    while (!reaped_) {
      if (!stopped && interrupted()) {
        stopped = true;
        end_group();
      }
      if (!stopped && options_.time_limit && Clock::now() - start >= *options_.time_limit) {
        stopped = result_.timed_out = true;
        end_group();
      }
      pump();
      if (options_.on_tick && Clock::now() >= next_tick) {
        options_.on_tick();
        next_tick += options_.tick;
      }
      // A daemonised grandchild may hold the pipes open for ever: the child's own end counts.
      if (reap()) drain();
    }
    result_.duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
    check_interrupted();
    return std::move(result_);
  }

 private:
  void start_reaper() {
    reaper_.emplace(pid_, ended_, std::array<int, 2>{out_.ends[0], err_.ends[0]});
    const char word = reaper_->watches() ? kWatched : kUnwatched;
    [[maybe_unused]] const ssize_t told = ::write(word_.ends[1], &word, sizeof word);
    word_.close(0);
    word_.close(1);
  }

  void end_group() {
    const auto ended = [this] {
      if (!reap()) pump();
      return reap();
    };
    const auto in_a_hurry = [] { return g_interrupted > 1; };
    cairn::end_group({pid_, options_.cleans_up_containers, ended, in_a_hurry});
  }

  bool reap() {
    if (reaped_) return true;
    int status = 0;
    pid_t got = 0;
    do {
      got = ::waitpid(pid_, &status, WNOHANG);
    } while (got < 0 && errno == EINTR);
    if (got != pid_) return false;
    reaped_ = true;
    result_.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
  }

  void pump() {
    std::array<pollfd, 4> wanted{{{out_.ends[0], POLLIN, 0},
                                  {err_.ends[0], POLLIN, 0},
                                  {in_.ends[1], POLLOUT, 0},
                                  {ended_, POLLIN, 0}}};
    // With every pipe closed the child is about to end: ask again soon.
    const bool open = out_.ends[0] >= 0 || err_.ends[0] >= 0 || in_.ends[1] >= 0;
    if (::poll(wanted.data(), wanted.size(), open || ended_ >= 0 ? 50 : 1) <= 0) return;
    if (wanted[0].revents != 0) read_from(out_, Stream::out);
    if (wanted[1].revents != 0) read_from(err_, Stream::err);
    if (wanted[2].revents != 0) feed();
  }

  bool read_from(Pipe& pipe, Stream stream) {
    char buffer[65536];
    const ssize_t got = ::read(pipe.ends[0], buffer, sizeof buffer);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return false;
    if (got <= 0) {
      pipe.close(0);
      return false;
    }
    const std::string_view piece(buffer, static_cast<std::size_t>(got));
    if (options_.on_output) {
      options_.on_output(stream, piece);
    } else {
      (stream == Stream::out ? result_.out : result_.err).append(piece);
    }
    return true;
  }

  void drain() {
    for (auto* pipe : {&out_, &err_}) {
      if (pipe->ends[0] < 0) continue;
      ::fcntl(pipe->ends[0], F_SETFL, O_NONBLOCK);
      while (pipe->ends[0] >= 0 && read_from(*pipe, pipe == &out_ ? Stream::out : Stream::err)) {
      }
      pipe->close(0);
    }
    in_.close(1);
  }

  void feed() {
    const ssize_t put = ::write(in_.ends[1], input_.data(), input_.size());
    if (put > 0) input_.erase(0, static_cast<std::size_t>(put));
    if (input_.empty() || (put < 0 && errno != EINTR && errno != EAGAIN)) in_.close(1);
  }

  const RunOptions& options_;
  std::string input_;
  Pipe in_, out_, err_, failure_;
  Pipe word_;  ///< on the reaper, to a child that waits for it
  pid_t pid_ = -1;
  int ended_ = -1;
  bool reaped_ = false;
  ProcessResult result_;
  std::optional<Reaper> reaper_;  ///< last: is told of the end before the pipes close
};

}  // namespace

ProcessResult run_process(const Command& command, const RunOptions& options) {
  check_interrupted();
  return Child(command, options).wait();
}

std::string run_checked(const Command& command) {
  ProcessResult result = run_process(command);
  if (result.exit_status != 0) {
    throw Error("'" + shell_quote(command.argv) + "' ended with status " +
                std::to_string(result.exit_status) + ": " + last_lines(result.err, 5));
  }
  return std::move(result.out);
}

void install_interrupt_handlers() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

bool interrupted() {
  if (g_interrupted == 0) return false;
  return g_interrupted > 1 || Clock::now().time_since_epoch().count() >= g_let_off_until;
}

LastWord::LastWord(std::chrono::milliseconds limit) {
  // A terminal and a build tool may both have told us, of one Ctrl-C.
  if (g_interrupted > 1) g_interrupted = 1;
  g_let_off_until = (Clock::now() + limit).time_since_epoch().count();
}

LastWord::~LastWord() {
  g_let_off_until = 0;
}

void sleep_for(std::chrono::milliseconds pause) {
  poll_until(interrupted, pause);
  check_interrupted();
}

void check_interrupted() {
  if (interrupted()) throw Interrupted();
}

std::vector<std::string> environment_of(const Command& command) {
  const std::vector<std::string>& withheld = command.withheld;
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string name(text.substr(0, text.find('=')));
    const bool is_replaced = command.environment.count(name) != 0;
    const bool is_withheld = std::find(withheld.begin(), withheld.end(), name) != withheld.end();
    if (!is_replaced && !is_withheld) all.emplace_back(text);
  }
  for (const auto& [name, value] : command.environment)
    all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> exec_pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  for (std::string& word : words)
    all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

std::vector<std::string> find_programs(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::vector<std::string> found;
  for (const std::string& folder : split(path != nullptr ? path : "/usr/bin:/bin", ':')) {
    const std::string candidate = (folder.empty() ? "." : folder) + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) found.push_back(candidate);
  }
  return found;
}

std::optional<std::string> find_program(const std::string& name) {
  std::vector<std::string> found = find_programs(name);
  if (found.empty()) return std::nullopt;
  return found.front();
}

}  // namespace cairn
