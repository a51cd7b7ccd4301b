// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/path_match.hpp"

#include <gtest/gtest.h>

namespace cairn::dockerfile {
namespace {

struct Row {
  const char* pattern;
  const char* name;
  bool matches;
};

class PathMatchTable : public testing::TestWithParam<Row> {};

TEST_P(PathMatchTable, Fits) {
  EXPECT_EQ(path_matches(GetParam().pattern, GetParam().name), GetParam().matches)
      << GetParam().pattern << " on " << GetParam().name;
}

INSTANTIATE_TEST_SUITE_P(
    Wildcards, PathMatchTable,
    testing::Values(Row{"*", "a", true}, Row{"*", "a/b", false}, Row{"*", ".a", true},
                    Row{"*/b", "a/b", true}, Row{"**", "ab", true}, Row{"**", "a/b", false},
                    Row{"**/b", "a/b", true}, Row{"**/b", "b", false}, Row{"**/b", "a/a/b", false},
                    Row{"a?c", "abc", true}, Row{"a?c", "a/c", false}, Row{"[a-c]x", "bx", true},
                    Row{"[^a-c]x", "bx", false}, Row{"\\*", "*", true}, Row{"\\*", "a", false},
                    Row{"\\***b", "*ab", true}, Row{"[", "[", false}, Row{"a[", "ab", false},
                    Row{"{a,b}", "a", false}, Row{"a+b(c)", "a+b(c)", true}));

TEST(PathMatch, EscapedWildcardsAreNone) {
  EXPECT_TRUE(has_wildcards("a*"));
  EXPECT_TRUE(has_wildcards("a?"));
  EXPECT_TRUE(has_wildcards("[a]"));
  EXPECT_FALSE(has_wildcards("a\\*b"));
  EXPECT_FALSE(has_wildcards("{a,b}"));
}

}  // namespace
}  // namespace cairn::dockerfile
