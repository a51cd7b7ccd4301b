// SPDX-License-Identifier: BSD-3-Clause
#include "base/contained.hpp"

#include "../../support/in_child.hpp"

#include <gtest/gtest.h>

#include <string>
#include <unistd.h>

namespace cairn {
namespace {

// Else whoever ends a command would give it 10 s for containers that it has not.
TEST(Contained, WhatHasEndedIsInNoContainer) {
  EXPECT_EQ(testing::in_child([] {
              const pid_t child = ::fork();
              if (child == 0) ::_exit(0);
              const std::string stat = "/proc/" + std::to_string(child) + "/root";
              // A zombie until it is waited for: its root is gone.
              const bool ended = testing::eventually([&] { return ::access(stat.c_str(), F_OK); });
              return std::string(ended ? "" : "alive ") +
                     (kill_contained(::getpid()) ? "killed" : "left");
            }),
            "left");
}

}  // namespace
}  // namespace cairn
