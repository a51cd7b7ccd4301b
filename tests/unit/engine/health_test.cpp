// SPDX-License-Identifier: BSD-3-Clause
#include "engine/health.hpp"

#include <gtest/gtest.h>

namespace cairn::engine {
namespace {

using namespace std::chrono_literals;

oci::ImageConfig config_with(std::vector<std::string> test) {
  oci::ImageConfig config;
  config.healthcheck =
      oci::Healthcheck{std::move(test), 1'000'000'000LL, 2'000'000'000LL, 5'000'000'000LL, 2};
  return config;
}

struct World {
  std::chrono::steady_clock::time_point now{};
  bool well = false;
  std::vector<std::string> asked;
  std::chrono::milliseconds limit{};

  HealthByExec health(const oci::ImageConfig& config) {
    return HealthByExec(
        config, [this] { return now; },
        [this](const std::vector<std::string>& argv, std::chrono::milliseconds time_limit) {
          asked = argv;
          limit = time_limit;
          return well;
        });
  }
};

TEST(HealthByExec, FindsTheCommand) {
  EXPECT_EQ(health_command(config_with({"CMD", "a", "b c"})),
            (std::vector<std::string>{"a", "b c"}));
  EXPECT_EQ(health_command(config_with({"CMD-SHELL", "a | b"})),
            (std::vector<std::string>{"/bin/sh", "-c", "a | b"}));
  oci::ImageConfig config = config_with({"CMD-SHELL", "a"});
  config.shell = {"/bin/bash", "-ec"};
  EXPECT_EQ(health_command(config), (std::vector<std::string>{"/bin/bash", "-ec", "a"}));
  EXPECT_TRUE(health_command(config_with({"NONE"})).empty());
  EXPECT_TRUE(health_command({}).empty());
}

TEST(HealthByExec, IsNoneWithoutACheck) {
  World world;
  HealthByExec health = world.health({});
  EXPECT_EQ(health.ask(), Health::none);
  EXPECT_TRUE(world.asked.empty());
}

TEST(HealthByExec, IsHealthyAtTheFirstSuccess) {
  World world;
  HealthByExec health = world.health(config_with({"CMD", "check"}));
  EXPECT_EQ(health.ask(), Health::starting);
  EXPECT_EQ(world.limit, 2s);
  world.well = true;
  EXPECT_EQ(health.ask(), Health::healthy);
}

TEST(HealthByExec, CountsNoFailureInTheStartPeriodAndOneAnInterval) {
  World world;
  HealthByExec health = world.health(config_with({"CMD", "check"}));
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(health.ask(), Health::starting);
  world.now += 5s;
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(health.ask(), Health::starting);
  world.now += 1s;
  EXPECT_EQ(health.ask(), Health::unhealthy);
  world.well = true;
  EXPECT_EQ(health.ask(), Health::healthy);
}

TEST(HealthByExec, ASuccessStartsTheCountAgain) {
  World world;
  HealthByExec health = world.health(config_with({"CMD", "check"}));
  world.well = true;
  EXPECT_EQ(health.ask(), Health::healthy);
  world.well = false;
  EXPECT_EQ(health.ask(), Health::healthy);
  world.well = true;
  EXPECT_EQ(health.ask(), Health::healthy);
  world.well = false;
  world.now += 1s;
  EXPECT_EQ(health.ask(), Health::healthy);
  world.now += 1s;
  EXPECT_EQ(health.ask(), Health::unhealthy);
}

}  // namespace
}  // namespace cairn::engine
