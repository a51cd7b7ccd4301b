// SPDX-License-Identifier: BSD-3-Clause
#include "build_fixture.hpp"

namespace cairn::stack {
namespace {

using cairn::testing::thrown_by;

constexpr std::int64_t kDay = 86400;

/// Rule 16: without the engine's cache only until one build has succeeded in the period on that
/// endpoint. The period is the build's own clock here; the scan's is the machine's.
class Refresh : public BuildFixture {
 protected:
  void SetUp() override {
    stack.add("web", "FROM scratch\nCOPY Dockerfile /\n", {}, {{"refresh", "weekly"}});
  }
  /// Whether a forced build was asked for without the engine's cache.
  bool fresh() {
    build("web", {"l1"}, {.force = true});
    return world().builds.back().request.no_cache;
  }
};

TEST_F(Refresh, TakesNoCacheUntilOneBuildHasSucceededInThePeriod) {
  EXPECT_TRUE(fresh());
  EXPECT_FALSE(fresh());
  now += 2 * kDay;  // the same week
  EXPECT_FALSE(fresh());
  now += 7 * kDay;
  EXPECT_TRUE(fresh());
  EXPECT_FALSE(fresh());
}

TEST_F(Refresh, AFailedBuildIsNone) {
  world().refuses["build"] = "no network";
  EXPECT_NE(thrown_by([&] { fresh(); }), "nothing");
  world().refuses.clear();
  EXPECT_TRUE(fresh());
}

TEST_F(Refresh, AnotherEngineHasACacheOfItsOwn) {
  EXPECT_TRUE(fresh());
  stack.change_engine({{"identity", "engine B"}});
  EXPECT_TRUE(fresh());
}

TEST_F(Refresh, NeverIsWithTheCacheAlways) {
  stack.change("web", {{"refresh", "never"}});
  EXPECT_FALSE(fresh());
}

TEST_F(Refresh, AnUnknownPeriodIsRefused) {
  stack.change("web", {{"refresh", "hourly"}});
  EXPECT_EQ(failure("web", {"l1"}),
            "unknown refresh period 'hourly'\n"
            "hint: write REFRESH never, daily, weekly or monthly");
}

}  // namespace
}  // namespace cairn::stack
