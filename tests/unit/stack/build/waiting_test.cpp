// SPDX-License-Identifier: BSD-3-Clause
#include "build_fixture.hpp"
#include "in_child.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace cairn::stack {
namespace {

using cairn::testing::config_of;
using cairn::testing::eventually;
using cairn::testing::SeenBuild;

/// Two builds at once: the first is held inside the engine until the second has said `line`.
class Waiting : public BuildFixture {
 protected:
  BuildReport second_while_first_builds(const std::string& first, const std::string& second,
                                        const std::string& line) {
    scan_stack(stack.stack_file(), stack.open);
    world().on_build = [&](const SeenBuild&) {
      started_ = true;
      EXPECT_TRUE(eventually([&] { return second_said(line); })) << line;
      return world().hold(config_of({"l1"}));
    };
    std::thread one([&] { build_as(first, [](const std::string&) {}); });
    EXPECT_TRUE(eventually([&] { return started_.load(); }));
    const BuildReport report = build_as(second, [&](const std::string& said_line) {
      const std::lock_guard guard(mutex_);
      said.push_back(said_line);
    });
    one.join();
    return report;
  }

 private:
  BuildReport build_as(const std::string& target,
                       const std::function<void(const std::string&)>& say) {
    return build_image(folder(target), {}, {stack.open, say});
  }
  bool second_said(const std::string& line) {
    const std::lock_guard guard(mutex_);
    return std::find(said.begin(), said.end(), line) != said.end();
  }

  std::atomic<bool> started_{false};
  std::mutex mutex_;
};

TEST_F(Waiting, ASecondBuildOfOneImageWaitsAndFindsItBuilt) {
  stack.add("web", "FROM scratch\nCOPY Dockerfile /\n");
  const BuildReport second =
      second_while_first_builds("web", "web", "waiting for another build of 'web'");
  EXPECT_EQ(second.outcome, BuildOutcome::reused);
  EXPECT_EQ(world().builds.size(), 1U);
}

TEST_F(Waiting, NoMoreBuildsRunAtOnceThanAllowed) {
  stack.add("one", "FROM scratch\nCOPY Dockerfile /\n", {}, {{"build_slots", 1}});
  stack.add("two", "FROM scratch\nCOPY Dockerfile /x\n", {}, {{"build_slots", 1}});
  EXPECT_EQ(second_while_first_builds("one", "two", "'two' waits: 1 build runs already").outcome,
            BuildOutcome::built);
  EXPECT_EQ(world().builds.size(), 2U);
}

}  // namespace
}  // namespace cairn::stack
