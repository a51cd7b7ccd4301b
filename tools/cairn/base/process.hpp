// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

/// A command to run: a vector of arguments, never a shell string.
struct Command {
  std::vector<std::string> argv;
  std::map<std::string, std::string> environment;  ///< added to ours
  std::string directory;                           ///< working folder; empty: ours
  std::string input;                               ///< written to stdin; empty: /dev/null
  std::vector<std::string> withheld{};             ///< names of our variables that it is not given
};

enum class Stream { out, err };

struct RunOptions {
  std::optional<std::chrono::milliseconds> time_limit;  ///< then the process group is killed
  /// Called with each piece as it arrives. When set, nothing is collected in the result.
  std::function<void(Stream, std::string_view)> on_output;
  /// Called about every `tick` while the process runs (heartbeats).
  std::function<void()> on_tick;
  std::chrono::milliseconds tick{30000};
  /// Told to stop, it is its containers that are killed first, and it has 10 s to see that and to
  /// clean up after them: what it does not do when a signal ends it.
  bool cleans_up_containers = false;
};

struct ProcessResult {
  int exit_status = 0;  ///< as a shell shows it: 128 + signal when killed by one
  bool timed_out = false;
  std::string out;
  std::string err;
  std::chrono::milliseconds duration{0};
};

/// Runs `command` in a process group of its own and waits. Never throws for a non-zero exit.
/// Throws Error when the program cannot be started, and Interrupted when this process was told
/// to stop meanwhile (the group is ended first: SIGTERM, after 10 s SIGKILL).
ProcessResult run_process(const Command& command, const RunOptions& options = {});

/// As run_process, but a non-zero exit throws Error: the command (shell-quoted), its exit status
/// and the last lines of its stderr. Returns stdout.
std::string run_checked(const Command& command);

/// Installs handlers for SIGINT and SIGTERM that make run_process throw Interrupted. main calls
/// it once.
void install_interrupt_handlers();

/// Whether SIGINT or SIGTERM has arrived.
bool interrupted();

/// Throws Interrupted when it has.
void check_interrupted();

/// While one lives, and for at most `limit`, the first interrupt counts as none, on all threads:
/// for the little that others must be told on the way out. The second one ends that, too. One at a
/// time.
class LastWord {
 public:
  explicit LastWord(std::chrono::milliseconds limit);
  ~LastWord();
  LastWord(const LastWord&) = delete;
  LastWord& operator=(const LastWord&) = delete;
};

/// Waits for `pause`, and throws Interrupted as soon as one of them arrives.
void sleep_for(std::chrono::milliseconds pause);

/// What exec(2) takes: the environment of `command`, ours but for what it is not given and what it
/// adds; and pointers to `words` with a null behind them, good as long as `words` stands unchanged.
std::vector<std::string> environment_of(const Command& command);
std::vector<char*> exec_pointers(std::vector<std::string>& words);

/// The first executable `name` on $PATH, or all of them in order.
std::optional<std::string> find_program(const std::string& name);
std::vector<std::string> find_programs(const std::string& name);

}  // namespace cairn
