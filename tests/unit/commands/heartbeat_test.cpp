// SPDX-License-Identifier: BSD-3-Clause
#include "commands/heartbeat.hpp"

#include "../../support/in_child.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace cairn::commands {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class HeartbeatTest : public ::testing::Test {
 protected:
  Heartbeat::Say say() {
    return [this](const std::string& line) {
      const std::lock_guard guard(mutex_);
      said_.push_back(line);
    };
  }
  std::vector<std::string> said() {
    const std::lock_guard guard(mutex_);
    return said_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> said_;
};

TEST_F(HeartbeatTest, SaysThatALongStepLives) {
  const Heartbeat alive("testing 'app'", say(), std::chrono::milliseconds(1));
  EXPECT_TRUE(testing::eventually([this] { return said().size() > 1; }));
  EXPECT_THAT(said(), Each(MatchesRegex("testing 'app': [0-9.]+ s")));
}

TEST_F(HeartbeatTest, SaysNothingOfAShortStep) {
  { const Heartbeat alive("inspecting 'app'", say(), std::chrono::minutes(1)); }
  EXPECT_THAT(said(), IsEmpty());
}

}  // namespace
}  // namespace cairn::commands
