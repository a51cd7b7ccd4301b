// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/ignore_pattern.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace cairn::dockerfile {
namespace {

struct Row {
  const char* pattern;
  const char* path;
  bool matches;
};

class PatternTable : public testing::TestWithParam<Row> {};

TEST_P(PatternTable, Matches) {
  EXPECT_EQ(IgnorePattern(GetParam().pattern).matches(GetParam().path), GetParam().matches)
      << GetParam().pattern << " on " << GetParam().path;
}

INSTANTIATE_TEST_SUITE_P(
    Globs, PatternTable,
    testing::Values(Row{"a", "a", true}, Row{"a", "b/a", false}, Row{"a", "A", false},
                    Row{"*", "a", true}, Row{"*", "a/b", false}, Row{"*", ".a", true},
                    Row{"*.go", "x.go", true}, Row{"*.go", "xgo", false},
                    Row{"a*b*c", "aXbYc", true}, Row{"a*b*c", "aXb/Yc", false},
                    Row{"?", "\xC3\xA9", true}, Row{"?", "/", false}, Row{"a?c", "abc", true},
                    Row{"**", "a/b/c", true}, Row{"**/a", "a", true}, Row{"**/a", "x/y/a", true},
                    Row{"**/a", "xa", false}, Row{"a/**", "a/b/c", true}, Row{"a/**", "a", false},
                    Row{"a/**/b", "a/b", true}, Row{"a/**/b", "a/x/y/b", true},
                    Row{"a/**/b", "ab", false}, Row{"**x", "a/x", true}, Row{"**x", "ax", false},
                    Row{"a**/b", "ax/b", true}, Row{"**/*.txt", "a/b.txt", true},
                    Row{"**/a/**", "x/a/y", true}, Row{"[a-c]", "b", true},
                    Row{"[a-c]", "d", false}, Row{"[^a-c]", "d", true}, Row{"[^a]b", "/b", true},
                    Row{"[\\]]", "]", true}, Row{"[!a]", "!", true},
                    Row{"[\xC3\xA0-\xC3\xBF]", "\xC3\xA9", true}, Row{"\\*", "*", true},
                    Row{"\\*", "a", false}, Row{"a.b", "axb", false}, Row{"a$", "a$", true},
                    Row{"a+b(c){1}|^.txt", "a+b(c){1}|^.txt", true}, Row{"{a,b}", "a", false},
                    Row{"a\nb", "a\nb", true}, Row{"*", "a\nb", true}, Row{"**/b", "a\n/b", false},
                    Row{"", "", true}));

class RegularTable : public testing::TestWithParam<Row> {};

TEST_P(RegularTable, ReadsOperatorsAsOlderEnginesDo) {
  EXPECT_EQ(IgnorePattern(GetParam().pattern, true).matches(GetParam().path), GetParam().matches)
      << GetParam().pattern << " on " << GetParam().path;
}

INSTANTIATE_TEST_SUITE_P(
    Operators, RegularTable,
    testing::Values(Row{"f+g(h).txt", "f+g(h).txt", false}, Row{"f+g(h).txt", "ffgh.txt", true},
                    Row{"a|b", "ax", true}, Row{"a{2}", "aa", true}, Row{"{a,b}", "{a,b}", true},
                    Row{"*.{js,ts}", "x.js", false}, Row{"[+]", "+", true}, Row{"\\+", "+", true},
                    Row{"(a)/**", "a/b/c", true}, Row{"**/(a)", "x/y/a", true},
                    Row{"(a)*", "ab", true}, Row{"(a)*", "a/b", false}, Row{"(a)?", "ab", true}));

struct BadRow {
  const char* pattern;
  const char* what;
};

class BadPatternTable : public testing::TestWithParam<BadRow> {};

TEST_P(BadPatternTable, IsRefused) {
  try {
    const IgnorePattern pattern(GetParam().pattern);
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), GetParam().what);
  }
}

INSTANTIATE_TEST_SUITE_P(Globs, BadPatternTable,
                         testing::Values(BadRow{"[", "its '[' is not closed"},
                                         BadRow{"[a", "its '[' is not closed"},
                                         BadRow{"[a-", "its '[' is not closed"},
                                         BadRow{"[^", "its '[' is not closed"},
                                         BadRow{"[-]", "'-' is misplaced in its '[…]'"},
                                         BadRow{"[]", "']' is misplaced in its '[…]'"},
                                         BadRow{"[a-]", "']' is misplaced in its '[…]'"},
                                         BadRow{"[b-a]", "a range in its '[…]' runs backwards"},
                                         BadRow{"a\\", "nothing follows the '\\' at its end"}));

TEST(IgnorePattern, RefusesWhatOlderEnginesCannotRead) {
  EXPECT_NO_THROW(IgnorePattern("a(b"));
  EXPECT_THROW(IgnorePattern("a(b", true), std::invalid_argument);
}

TEST(IgnorePattern, LongPathsAndManyStarsStayQuick) {
  const IgnorePattern pattern("*a*a*a*a*a*a*a*a*a*a*b");
  EXPECT_FALSE(pattern.matches(std::string(4000, 'a')));
}

}  // namespace
}  // namespace cairn::dockerfile
