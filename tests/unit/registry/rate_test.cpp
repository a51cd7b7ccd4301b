// SPDX-License-Identifier: BSD-3-Clause
#include "registry/rate.hpp"

#include "base/file.hpp"

#include <gtest/gtest.h>

namespace cairn::registry {
namespace {

using std::chrono::milliseconds;

class RateTest : public ::testing::Test {
 protected:
  RateLimits limits(std::map<std::string, int> per_minute) {
    return RateLimits({folder_.path(), std::move(per_minute), 300, [this] { return now_; },
                       [this](milliseconds pause) { now_ += pause.count(); }});
  }

  /// How many requests a process of its own could make within a minute from now on.
  int in_a_minute(RateLimits& limits, const std::string& host) {
    const std::int64_t end = now_ + 60000;
    int made = 0;
    for (;;) {
      limits.wait(host);
      if (now_ >= end) return made;
      if (++made > 10000) return made;
    }
  }

  TempDir folder_{"cairn-rate-"};
  std::int64_t now_ = 5000000;
};

TEST_F(RateTest, KeepsToTheLimitInAnyMinute) {
  RateLimits some = limits({{"docker.io", 300}});
  const int made = in_a_minute(some, "docker.io");
  EXPECT_LE(made, 300);
  EXPECT_GE(made, 290);
  EXPECT_LE(in_a_minute(some, "docker.io"), 251);
}

TEST_F(RateTest, LetsAFewGoAtOnce) {
  RateLimits some = limits({{"docker.io", 300}});
  const std::int64_t start = now_;
  for (int i = 0; i < 50; ++i)
    some.wait("docker.io");
  EXPECT_EQ(now_, start);
  for (int i = 0; i < 2; ++i)
    some.wait("docker.io");
  EXPECT_GT(now_, start);
}

TEST_F(RateTest, IsSharedByAllProcesses) {
  RateLimits one = limits({{"docker.io", 60}}), other = limits({{"docker.io", 60}});
  const std::int64_t start = now_;
  for (int i = 0; i < 30; ++i) {
    one.wait("docker.io");
    other.wait("docker.io");
  }
  EXPECT_GE(now_ - start, 58000);
}

TEST_F(RateTest, LeavesOthersFreeUntilTheirFirst429) {
  RateLimits one = limits({}), other = limits({});
  const std::int64_t start = now_;
  EXPECT_EQ(in_a_minute(one, "r.example"), 10001);
  EXPECT_EQ(now_, start);
  other.slow_down("r.example", milliseconds(7000));
  one.wait("r.example");
  EXPECT_EQ(now_, start + 7000);  // what one was told holds for all
  EXPECT_LE(in_a_minute(one, "r.example"), 300);
  now_ += 660000;
  EXPECT_EQ(in_a_minute(one, "r.example"), 10001);
}

TEST_F(RateTest, HalvesWithEachFurther429) {
  RateLimits one = limits({{"docker.io", 300}});
  one.slow_down("docker.io", milliseconds(1000));
  one.slow_down("docker.io", milliseconds(1000));  // on its way together with the first
  now_ += 1000;
  one.slow_down("docker.io", milliseconds(1000));
  EXPECT_LE(in_a_minute(one, "docker.io"), 150);
}

TEST_F(RateTest, ForgetsTheTimesOfBeforeARestart) {
  RateLimits one = limits({});
  one.slow_down("r.example", milliseconds(500000));
  now_ = 1000;
  const std::int64_t start = now_;
  one.wait("r.example");
  EXPECT_EQ(now_, start);
}

TEST_F(RateTest, NamesNoHostInItsFiles) {
  EXPECT_EQ(slots_of("r.example").substr(0, 9), "registry-");
  EXPECT_NE(slots_of("r.example"), slots_of("s.example"));
  EXPECT_EQ(slots_of("../../x").find('/'), std::string::npos);
}

}  // namespace
}  // namespace cairn::registry
