// SPDX-License-Identifier: BSD-3-Clause
#include "base/process.hpp"

#include "../../support/in_child.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace cairn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::eventually;
using testing::in_child;

Command shell(const std::string& script) {
  return {{"/bin/sh", "-c", script}, {}, {}, {}};
}

std::string error_of(const Command& command) {
  try {
    run_checked(command);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

bool is_gone(pid_t pid) {
  // A zombie whose parent has gone is reaped by init at some time; it runs no longer.
  const std::string stat =
      read_file_if_present("/proc/" + std::to_string(pid) + "/stat").value_or("");
  return stat.empty() || stat.find(") Z ") != std::string::npos;
}

TEST(Process, KeepsBothStreamsApartAndTheStatus) {
  const ProcessResult result = run_process(shell("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(result.out, "out\n");
  EXPECT_EQ(result.err, "err\n");
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_FALSE(result.timed_out);
}

TEST(Process, ShowsASignalAsAShellDoes) {
  EXPECT_EQ(run_process(shell("kill -KILL $$")).exit_status, 128 + SIGKILL);
  EXPECT_EQ(run_process(shell("kill -SEGV $$")).exit_status, 128 + SIGSEGV);
}

TEST(Process, SaysWhatCouldNotBeStarted) {
  EXPECT_EQ(error_of({{"cairn-no-such-program"}, {}, {}, {}}),
            "starting 'cairn-no-such-program': No such file or directory");
  EXPECT_EQ(error_of({{"/etc/passwd"}, {}, {}, {}}), "starting '/etc/passwd': Permission denied");
  EXPECT_EQ(error_of({{"true"}, {}, "/no/such/folder", {}}),
            "starting 'true': No such file or directory");
}

TEST(Process, ShowsAFailedCommandQuotedWithItsLastLines) {
  EXPECT_EQ(error_of(shell("seq 9 >&2; exit 4")),
            "'/bin/sh -c 'seq 9 >&2; exit 4'' ended with status 4: 5\n6\n7\n8\n9");
}

TEST(Process, EndsTheWholeGroupAtTheTimeLimit) {
  RunOptions options;
  options.time_limit = milliseconds(200);
  const ProcessResult result = run_process(shell("sleep 1000 & echo $!; wait"), options);
  EXPECT_TRUE(result.timed_out);
  EXPECT_LT(result.duration, seconds(8));
  const pid_t grandchild = std::atoi(result.out.c_str());
  ASSERT_GT(grandchild, 1);
  EXPECT_TRUE(eventually([&] { return is_gone(grandchild); }));
}

TEST(Process, KillsWhatDoesNotListenToTheTimeLimit) {
  RunOptions options;
  options.time_limit = milliseconds(100);
  const ProcessResult result =
      run_process(shell("trap '' TERM; while :; do sleep 0.1; done"), options);
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.exit_status, 128 + SIGKILL);
}

TEST(Process, DoesNotWaitForADaemonThatHoldsThePipes) {
  const ProcessResult result = run_process(shell("setsid sleep 600 & echo $!"));
  const pid_t daemon = std::atoi(result.out.c_str());
  ASSERT_GT(daemon, 1);
  ::kill(daemon, SIGKILL);
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_LT(result.duration, seconds(60));
}

TEST(Process, ReadsAllThatWasWrittenBeforeTheEnd) {
  const ProcessResult result = run_process(shell("head -c 3000000 /dev/zero; echo end >&2"));
  EXPECT_EQ(result.out.size(), 3000000U);
  EXPECT_EQ(result.err, "end\n");
}

TEST(Process, FeedsStdinWhileItReadsStdout) {
  Command command{{"cat"}, {}, {}, std::string(5'000'000, 'x')};
  EXPECT_EQ(run_process(command).out.size(), 5'000'000U);
}

TEST(Process, SurvivesAChildThatDoesNotReadItsInput) {
  EXPECT_EQ(in_child([] {
              install_interrupt_handlers();
              Command command{{"true"}, {}, {}, std::string(5'000'000, 'x')};
              return std::to_string(run_process(command).exit_status);
            }),
            "0");
}

TEST(Process, GivesNoInputRatherThanOurs) {
  EXPECT_EQ(run_process({{"cat"}, {}, {}, {}}).out, "");
}

TEST(Process, ReplacesAVariableInsteadOfGivingItTwice) {
  ::setenv("CAIRN_TEST_VARIABLE", "ours", 1);
  Command command = shell("env | grep ^CAIRN_TEST_VARIABLE=");
  EXPECT_EQ(run_checked(command), "CAIRN_TEST_VARIABLE=ours\n");
  command.environment["CAIRN_TEST_VARIABLE"] = "theirs = 'x'";
  EXPECT_EQ(run_checked(command), "CAIRN_TEST_VARIABLE=theirs = 'x'\n");
  ::unsetenv("CAIRN_TEST_VARIABLE");
}

TEST(Process, WithholdsAVariableUnlessItIsSetForIt) {
  ::setenv("CAIRN_TEST_VARIABLE", "ours", 1);
  Command command = shell("echo ${CAIRN_TEST_VARIABLE-none}");
  command.withheld = {"CAIRN_TEST_VARIABLE"};
  EXPECT_EQ(run_checked(command), "none\n");
  command.environment["CAIRN_TEST_VARIABLE"] = "theirs";
  EXPECT_EQ(run_checked(command), "theirs\n");
  ::unsetenv("CAIRN_TEST_VARIABLE");
}

TEST(Process, RunsInItsFolder) {
  const TempDir folder("cairn-process-");
  Command command = shell("pwd -P");
  command.directory = folder.path();
  EXPECT_EQ(run_checked(command), std::filesystem::canonical(folder.path()).string() + "\n");
}

TEST(Process, KeepsArgumentsAsTheyAre) {
  const std::vector<std::string> odd{"a b", "", "$HOME", "*", "'\"\\", "x\ny", "\xff"};
  Command command{{"printf", "<%s>"}, {}, {}, {}};
  command.argv.insert(command.argv.end(), odd.begin(), odd.end());
  EXPECT_EQ(run_checked(command), "<" + join(odd, "><") + ">");
}

TEST(Process, HandsOutputOverAsItComes) {
  std::string out;
  std::string err;
  RunOptions options;
  options.on_output = [&](Stream stream, std::string_view piece) {
    (stream == Stream::out ? out : err) += piece;
  };
  const ProcessResult result = run_process(shell("echo a; echo b >&2"), options);
  EXPECT_EQ(out + err, "a\nb\n");
  EXPECT_EQ(result.out + result.err, "");
}

TEST(Process, TicksWhileASilentCommandRuns) {
  int ticks = 0;
  RunOptions options;
  options.tick = milliseconds(20);
  options.on_tick = [&] { ++ticks; };
  run_process(shell("sleep 0.5"), options);
  EXPECT_GE(ticks, 2);
}

TEST(Process, EndsTheCommandWhenItIsInterruptedItself) {
  const std::string said = in_child([] {
    install_interrupt_handlers();
    try {
      RunOptions options;
      std::string pid;
      options.on_output = [&](Stream, std::string_view piece) { pid += piece; };
      try {
        run_process(shell("echo $$; kill -TERM $PPID; sleep 600"), options);
      } catch (const Interrupted& error) {
        const bool gone = is_gone(std::atoi(pid.c_str()));
        return std::to_string(static_cast<int>(error.exit_code())) + (gone ? " gone" : " alive");
      }
    } catch (const std::exception&) {
    }
    return std::string("not interrupted");
  });
  EXPECT_EQ(said, "130 gone");
}

// Runs `script` in a process of its own, kills that as soon as the script has written its own
// number to `pid`, and waits for its end.
bool ends_after_a_kill(
    const std::string& script, const std::filesystem::path& pid, bool cleans_up_containers,
    const std::function<void()>& prepare = [] {}) {
  testing::ChildProcess owner([&] {
    prepare();
    RunOptions options;
    options.cleans_up_containers = cleans_up_containers;
    run_process(shell(script), options);
  });
  const auto number = [&] { return std::atoi(read_file_if_present(pid).value_or("").c_str()); };
  if (!testing::eventually([&] { return number() > 0; })) return false;
  owner.kill();
  return testing::eventually([&] { return is_gone(number()); });
}

TEST(Process, LeavesNothingBehindWhenItIsKilled) {
  const TempDir folder("cairn-killed-");
  for (const bool cleans_up : {false, true}) {
    const auto pid = folder.path() / (cleans_up ? "reaped" : "told");
    EXPECT_TRUE(ends_after_a_kill("echo $$ > " + pid.string() + "; exec sleep 600", pid, cleans_up))
        << cleans_up;
  }
}

/// From now on this process, and what it starts, can make no pair of sockets: as at the limit of
/// open files.
void refuse_socket_pairs() {
  std::array<sock_filter, 4> program{
      {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
       BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socketpair, 0, 1),
       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EMFILE),
       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)}};
  const sock_fprog filter{program.size(), program.data()};
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0) ::_exit(1);
}

TEST(Process, LeavesNothingBehindWhenNobodyCouldBeSetToWatch) {
  const TempDir folder("cairn-killed-");
  const auto pid = folder.path() / "pid";
  EXPECT_TRUE(ends_after_a_kill("echo $$ > " + pid.string() + "; exec sleep 600", pid, true,
                                refuse_socket_pairs));
}

TEST(Process, SaysWhatItCannotStartAlsoWhereItWouldBeWatched) {
  RunOptions options;
  options.cleans_up_containers = true;
  EXPECT_THROW(run_process({{"/no/such/program"}, {}, {}, {}}, options), Error);
  EXPECT_EQ(run_process(shell("echo a"), options).out, "a\n");
}

TEST(Process, LetsTheCommandCleanUpWhenItIsKilled) {
  const TempDir folder("cairn-killed-");
  const auto pid = folder.path() / "pid";
  const auto cleaned = folder.path() / "cleaned";
  // Nobody reads what it says any more: it must not die of that.
  const std::string script = "trap 'echo said; echo said >&2; echo > " + cleaned.string() +
                             "; exit' TERM; echo $$ > " + pid.string() +
                             "; while :; do sleep 0.05; done";
  EXPECT_TRUE(ends_after_a_kill(script, pid, true));
  EXPECT_TRUE(std::filesystem::exists(cleaned));
}

TEST(Process, StartsNothingAfterAnInterrupt) {
  EXPECT_EQ(in_child([] {
              install_interrupt_handlers();
              ::raise(SIGINT);
              return run_process(shell("echo started")).out;
            }),
            "threw: interrupted");
}

TEST(Process, SleepsUntilItIsInterrupted) {
  sleep_for(std::chrono::milliseconds(1));
  EXPECT_EQ(testing::in_child([] {
              install_interrupt_handlers();
              ::raise(SIGTERM);
              try {
                sleep_for(std::chrono::hours(1));
              } catch (const Interrupted& error) {
                return std::string(error.what());
              }
              return std::string("slept");
            }),
            "interrupted");
}

TEST(Process, HasALastWordAfterAnInterrupt) {
  EXPECT_EQ(in_child([] {
              install_interrupt_handlers();
              ::raise(SIGINT);
              ::raise(SIGINT);  // of the same Ctrl-C
              const LastWord word(std::chrono::hours(1));
              return run_process(shell("echo said")).out;
            }),
            "said\n");
  EXPECT_EQ(in_child([] {
              install_interrupt_handlers();
              ::raise(SIGINT);
              { const LastWord word(std::chrono::hours(1)); }
              return run_process(shell("echo said")).out;
            }),
            "threw: interrupted");
}

TEST(Process, HasNoLastWordThatTakesLong) {
  EXPECT_EQ(in_child([] {
              install_interrupt_handlers();
              const LastWord word(std::chrono::milliseconds(50));
              ::raise(SIGINT);
              return run_process(shell("sleep 600")).out;
            }),
            "threw: interrupted");
}

TEST(Process, HasNoLastWordWhenItIsInterruptedAgain) {
  EXPECT_EQ(in_child([] {
              install_interrupt_handlers();
              ::raise(SIGINT);
              const LastWord word(std::chrono::hours(1));
              ::raise(SIGTERM);
              return run_process(shell("echo said")).out;
            }),
            "threw: interrupted");
}

TEST(Process, FindsProgramsInTheOrderOfPath) {
  const TempDir first("cairn-path-");
  const TempDir second("cairn-path-");
  for (const TempDir* folder : {&first, &second}) {
    write_file(folder->path() / "cairn-tool", "#!/bin/sh\n");
    std::filesystem::permissions(folder->path() / "cairn-tool", std::filesystem::perms::owner_all);
  }
  EXPECT_EQ(in_child([&] {
              ::setenv("PATH", (first.path().string() + ":" + second.path().string()).c_str(), 1);
              return join(find_programs("cairn-tool"), " ") + "|" +
                     find_program("cairn-other").value_or("none");
            }),
            (first.path() / "cairn-tool").string() + " " + (second.path() / "cairn-tool").string() +
                "|none");
}

}  // namespace
}  // namespace cairn
