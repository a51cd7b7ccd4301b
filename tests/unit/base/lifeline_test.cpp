// SPDX-License-Identifier: BSD-3-Clause
#include "base/lifeline.hpp"

#include "../../support/in_child.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <gtest/gtest.h>

namespace cairn {
namespace {

using testing::eventually;

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

TEST_F(RemovalTest, IsNotDoneWhenWeDidItOurselves) {
  { const RemovalOnDeath removal_on_death(removal()); }
  EXPECT_EQ(times_removed(), 0U);
}

}  // namespace
}  // namespace cairn
