// SPDX-License-Identifier: BSD-3-Clause
#include "base/time.hpp"

#include "../../support/in_child.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace cairn {
namespace {

TEST(Time, IsWrittenInUtcWhateverTheZone) {
  for (const char* zone : {"UTC", "America/New_York", "Asia/Kathmandu", "XXX-14"}) {
    EXPECT_EQ(testing::in_child([&] {
                ::setenv("TZ", zone, 1);
                ::tzset();
                return format_utc(1786220934) + " " + format_utc(0) + " " + format_utc(1709164800);
              }),
              "2026-08-08T20:28:54Z 1970-01-01T00:00:00Z 2024-02-29T00:00:00Z");
  }
}

TEST(Time, TakesNoClockFromTheEnvironment) {
  EXPECT_EQ(testing::in_child([] {
              ::setenv("SOURCE_DATE_EPOCH", "1", 1);
              return std::string(std::abs(unix_now() - std::time(nullptr)) < 5 ? "now" : "lied");
            }),
            "now");
}

TEST(Time, PollsUntilItHoldsOrTheLimitIsOver) {
  int asked = 0;
  EXPECT_TRUE(poll_until([&] { return ++asked == 3; }, std::chrono::seconds(60)));
  EXPECT_EQ(asked, 3);
  asked = 0;
  EXPECT_FALSE(poll_until([&] { return ++asked == 0; }, std::chrono::milliseconds(0)));
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace cairn
