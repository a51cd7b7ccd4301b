// SPDX-License-Identifier: BSD-3-Clause
#include "base/pattern.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cairn {
namespace {

struct Case {
  const char* pattern;
  const char* text;
  bool found;
};

TEST(Pattern, FollowsEcmaScript) {
  const Case cases[] = {
      {"^ok\n", "ok\nmore", true},
      {"^b", "a\nb", false},
      {"(?m)^b", "a\nb", true},
      {"a$", "a\n", false},
      {"a\n$", "a\n", true},
      {"\\d+\\.\\d+", "v1.2", true},
      {"(?=1)1", "1", true},
      {"\\u0041", "A", true},
      {"(?i)warn", "WARN", true},
      {"", "", true},
      {"[]", "a", false},
      {"ä.z", "äöz", true},
      {"x", "\xff\xfe broken x", true},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(Pattern(one.pattern).found_in(one.text), one.found)
        << one.pattern << " in " << one.text;
  }
}

TEST(Pattern, GivesTheFirstGroupOrTheWholeMatch) {
  EXPECT_EQ(Pattern("Version: ([^+]+)").first_group("Version: 2.9.0+cpu"), "2.9.0");
  EXPECT_EQ(Pattern("[0-9.]+").first_group("v2.9.0+cpu"), "2.9.0");
  EXPECT_EQ(Pattern("a(b)?c").first_group("ac"), "ac");
  EXPECT_EQ(Pattern("a").first_group("b"), std::nullopt);
}

TEST(Pattern, SurvivesALongLog) {
  const std::string log(4 << 20, 'x');
  EXPECT_TRUE(Pattern("^(x|y)*$").found_in(std::string(1000, 'x')));
  EXPECT_TRUE(Pattern("^[\\s\\S]*x$").found_in(log));
}

TEST(LinearPattern, TriesAllWaysSideBySide) {
  const LinearPattern pattern("^((a|aa)+)+$");
  EXPECT_TRUE(pattern.found_in(std::string(2000, 'a')));
  EXPECT_FALSE(pattern.found_in(std::string(2000, 'a') + "b"));
  EXPECT_TRUE(LinearPattern("b").found_in("abc"));
  EXPECT_FALSE(LinearPattern("^$").found_in("a"));
  EXPECT_TRUE(LinearPattern("^$").found_in(""));
  EXPECT_THROW(LinearPattern("("), UserError);
  EXPECT_THROW(pattern.found_in("\x80"), Error);
}

TEST(Pattern, RefusesABrokenOne) {
  try {
    const Pattern broken("a(b");
    FAIL() << "accepted";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(),
                 "invalid regular expression 'a(b': missing closing parenthesis at offset 3");
    EXPECT_EQ(error.hint(), "the dialect is ECMAScript's; put \\ before a special character");
  }
}

}  // namespace
}  // namespace cairn
