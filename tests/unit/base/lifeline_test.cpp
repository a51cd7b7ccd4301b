// SPDX-License-Identifier: BSD-3-Clause
#include "base/lifeline.hpp"

#include "../../support/in_child.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <poll.h>
#include <signal.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

namespace cairn {
namespace {

using testing::eventually;

/// Kills what descends from `process`, as ctest does at a time limit, but not itself; how many.
int kill_below(pid_t process) {
  int killed = 0;
  const std::string of_it = fmt::format("/proc/{0}/task/{0}/children", process);
  std::istringstream children(read_file(of_it));
  for (pid_t child = 0; children >> child;) {
    killed += kill_below(child) + 1;
    ::kill(child, SIGKILL);
  }
  return killed;
}

class RemovalTest : public ::testing::Test {
 protected:
  /// Uses all three streams, as the command line of an engine does.
  Command removal() const {
    Command command;
    command.argv = {"/bin/sh", "-c", "cat && echo said && echo said >&2 && echo $WORD >>\"$0\"",
                    removed()};
    command.environment = {{"WORD", "removed"}};
    return command;
  }
  std::string removed() const { return folder_.path() / "removed"; }
  std::string ready() const { return folder_.path() / "ready"; }
  std::size_t times_removed() const {
    return split_lines(read_file_if_present(removed()).value_or("")).size();
  }

  TempDir folder_{"cairn-lifeline-"};
};

TEST_F(RemovalTest, IsDoneWhenWeAreKilledAndOnceMore) {
  testing::ChildProcess owner([this] {
    const RemovalOnDeath removal_on_death(removal());
    write_file(ready(), "");
    sleep_for(std::chrono::minutes(10));
  });
  ASSERT_TRUE(eventually([this] { return std::filesystem::exists(ready()); }));
  EXPECT_EQ(times_removed(), 0U);
  owner.kill();
  EXPECT_TRUE(eventually([this] { return times_removed() > 0; }));
  EXPECT_EQ(read_file(removed()).substr(0, 8), "removed\n");
  EXPECT_TRUE(eventually([this] { return times_removed() > 1; })) << "it may be made late";
}

TEST_F(RemovalTest, IsDoneWhenAllBelowUsAreKilledBefore) {
  testing::ChildProcess owner([this] {
    const RemovalOnDeath removal_on_death(removal());
    const testing::ChildProcess other([] { sleep_for(std::chrono::minutes(10)); });
    write_file(ready(), "");
    sleep_for(std::chrono::minutes(10));
  });
  ASSERT_TRUE(eventually([this] { return std::filesystem::exists(ready()); }));
  ::kill(owner.pid(), SIGSTOP);
  EXPECT_EQ(kill_below(owner.pid()), 1) << "the other one, but not what watches";
  owner.kill();
  EXPECT_TRUE(eventually([this] { return times_removed() > 0; }));
}

TEST(Lifeline, LeavesNoChildOfOurs) {
  const Lifeline lifeline({-1, -1, -1}, [] {});
  EXPECT_TRUE(lifeline.watches());
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(Lifeline, HoldsWhatItKeepsUntilItIsToldTheLastWord) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  {
    const Lifeline lifeline({ends[0], -1, -1}, [] {});
    ::close(ends[0]);
    EXPECT_EQ(::write(ends[1], "a", 1), 1);
  }
  EXPECT_TRUE(eventually([&] {
    pollfd broken{ends[1], 0, 0};
    return ::poll(&broken, 1, 0) == 1 && (broken.revents & POLLERR) != 0;
  }));
  ::close(ends[1]);
}

TEST_F(RemovalTest, IsNotDoneWhenWeDidItOurselves) {
  { const RemovalOnDeath removal_on_death(removal()); }
  EXPECT_EQ(times_removed(), 0U);
}

}  // namespace
}  // namespace cairn
