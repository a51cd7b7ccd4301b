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

TEST(Time, ReadsWhatItWrote) {
  for (const std::int64_t time : {INT64_C(0), INT64_C(1786220934), INT64_C(1709164800)})
    EXPECT_EQ(parse_utc(format_utc(time)), time);
  for (const char* text :
       {"", "2026-08-08", "2026-08-08T20:28:54", "2026-08-08T20:28:54Z ", " 2026-08-08T20:28:54Z",
        "2026-8-8T20:28:54Z", "2026-02-31T00:00:00Z", "2026-08-08T20:28:54+01:00"})
    EXPECT_EQ(parse_utc(text), std::nullopt) << text;
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
