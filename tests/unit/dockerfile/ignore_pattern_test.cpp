// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/ignore_pattern.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>

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
    testing::Values(
        Row{"a", "a", true}, Row{"a", "b/a", false}, Row{"a", "A", false}, Row{"*", "a", true},
        Row{"*", "a/b", false}, Row{"*", ".a", true}, Row{"*.go", "x.go", true},
        Row{"*.go", "xgo", false}, Row{"a*b*c", "aXbYc", true}, Row{"a*b*c", "aXb/Yc", false},
        Row{"?", "\xC3\xA9", true}, Row{"?", "/", false}, Row{"a?c", "abc", true},
        Row{"**", "a/b/c", true}, Row{"**/a", "a", true}, Row{"**/a", "x/y/a", true},
        Row{"**/a", "xa", false}, Row{"a/**", "a/b/c", true}, Row{"a/**", "a", false},
        Row{"a/**/b", "a/b", true}, Row{"a/**/b", "a/x/y/b", true}, Row{"a/**/b", "ab", false},
        Row{"**x", "a/x", true}, Row{"**x", "ax", true}, Row{"**x*", "ax1", false},
        Row{"a**", "ab/c", true}, Row{"a**/b", "ax/b", true}, Row{"**/*.txt", "a/b.txt", true},
        Row{"**/a/**", "x/a/y", true}, Row{"[a-c]", "b", true}, Row{"[a-c]", "d", false},
        Row{"[^a-c]", "d", true}, Row{"[^a]b", "/b", true}, Row{"[\\]]", "]", true},
        Row{"[!a]", "!", true}, Row{"[\xC3\xA0-\xC3\xBF]", "\xC3\xA9", true}, Row{"\\*", "*", true},
        Row{"\\*", "a", false}, Row{"a.b", "axb", false}, Row{"a$", "a$", true},
        Row{"a+b(c){1}|^.txt", "a+b(c){1}|^.txt", true}, Row{"a+*", "a+b", true},
        Row{"a+*", "aab", false}, Row{"{a,b}", "a", false}, Row{"a\nb", "a\nb", true},
        Row{"*", "a\nb", true}, Row{"**/b", "a\n/b", true}, Row{"a/**", "a/b\n/c", true},
        Row{"**/?", "a\n/b", false}, Row{"?/**", "a/b\n/c", false}, Row{"", "", true}));

class RegularTable : public testing::TestWithParam<Row> {};

TEST_P(RegularTable, ReadsOperatorsAsOlderEnginesDo) {
  EXPECT_EQ(IgnorePattern(GetParam().pattern, PatternReading::older).matches(GetParam().path),
            GetParam().matches)
      << GetParam().pattern << " on " << GetParam().path;
}

INSTANTIATE_TEST_SUITE_P(
    Operators, RegularTable,
    testing::Values(Row{"f+g(h).txt", "f+g(h).txt", false}, Row{"f+g(h).txt", "ffgh.txt", true},
                    Row{"a|b", "ax", true}, Row{"a{2}", "aa", true}, Row{"{a,b}", "{a,b}", true},
                    Row{"*.{js,ts}", "x.js", false}, Row{"[+]", "+", true}, Row{"\\+", "+", true},
                    Row{"(a)/**", "a/b/c", true}, Row{"**/(a)", "x/y/a", true},
                    Row{"(a)*", "ab", true}, Row{"(a)*", "a/b", false}, Row{"(a)?", "ab", true}));

class ReadingTable : public testing::TestWithParam<std::pair<PatternReading, Row>> {};

TEST_P(ReadingTable, ReadsAsItsReaderDoes) {
  const auto& [reading, row] = GetParam();
  EXPECT_EQ(IgnorePattern(row.pattern, reading).matches(row.path), row.matches)
      << row.pattern << " on " << row.path;
}

// Each row but those of the glob was seen: docker 28.2's legacy client, buildah 1.28.
INSTANTIATE_TEST_SUITE_P(
    StrayBytes, ReadingTable,
    testing::Values(
        std::pair{PatternReading::docker, Row{"\x80", "\x80", true}},
        std::pair{PatternReading::docker, Row{"\x80", "\x81", false}},
        std::pair{PatternReading::older, Row{"\x80", "\x81", true}},
        std::pair{PatternReading::older, Row{"\x80", "\xEF\xBF\xBD", true}},
        std::pair{PatternReading::docker, Row{"**/\x80", "a/\x81", false}},
        std::pair{PatternReading::docker, Row{"\x80/**", "\x81/a", false}},
        std::pair{PatternReading::docker, Row{"*\x80", "x\x81", true}},
        std::pair{PatternReading::docker, Row{"\xC3?", "\xC3\xA9", false}},
        std::pair{PatternReading::docker, Row{"[\xEF\xBF\xBD]", "\x80", true}},
        std::pair{PatternReading::docker, Row{"[a-\xC3\xA9]", "\x80", false}},
        std::pair{PatternReading::docker, Row{"*[^\xC3\xA9].txt", "\xC3\xA9.txt", false}},
        std::pair{PatternReading::older, Row{"*[^\xC3\xA9].txt", "\xC3\xA9.txt", false}},
        std::pair{PatternReading::glob, Row{"*[^\xC3\xA9].txt", "\xC3\xA9.txt", true}},
        std::pair{PatternReading::docker, Row{"?*", "\xC0\xAF", true}},
        std::pair{PatternReading::docker, Row{"?", "\xE0\x80\xAF", false}},
        std::pair{PatternReading::docker, Row{"???", "\xED\xA0\x80", true}},
        std::pair{PatternReading::docker, Row{"????", "\xF4\x90\x80\x80", true}},
        std::pair{PatternReading::docker, Row{"?", "\xF4\x8F\xBF\xBF", true}},
        std::pair{PatternReading::glob, Row{"*\x80", "x\x81", false}},
        std::pair{PatternReading::glob, Row{"\xC3\\\xA9", "\xC3\xA9", true}},
        std::pair{PatternReading::glob, Row{"\xC3?", "\xC3\xA9", true}}));

INSTANTIATE_TEST_SUITE_P(
    Expressions, ReadingTable,
    testing::Values(std::pair{PatternReading::docker, Row{"\\d", "5", true}},
                    std::pair{PatternReading::docker, Row{"\\d", "d", false}},
                    std::pair{PatternReading::docker, Row{"[\\d]", "5", true}},
                    std::pair{PatternReading::docker, Row{"[[:digit:]]", "5", true}},
                    std::pair{PatternReading::docker, Row{"[[:digit:]]", ":]", false}},
                    std::pair{PatternReading::docker, Row{"[*]", "*", false}},
                    std::pair{PatternReading::docker, Row{"[*]", "^]", true}},
                    std::pair{PatternReading::docker, Row{"[a**]", "?", true}},
                    std::pair{PatternReading::docker, Row{"[?]", "[]", true}},
                    std::pair{PatternReading::docker, Row{"^x*", "x1", true}},
                    std::pair{PatternReading::docker, Row{"^x*", "^x1", false}},
                    std::pair{PatternReading::docker, Row{"^x1", "^x1", true}},
                    std::pair{PatternReading::docker, Row{"**/^x", "a/^x", true}},
                    std::pair{PatternReading::older, Row{"^x1", "x1", true}},
                    std::pair{PatternReading::docker, Row{"a{1}?", "a{1}b", false}},
                    std::pair{PatternReading::docker, Row{"a{1}*", "ab", true}},
                    std::pair{PatternReading::docker, Row{"a{1}", "a{1}", true}},
                    std::pair{PatternReading::docker, Row{"a|b*", "ax", true}},
                    std::pair{PatternReading::docker, Row{"a|b*", "xb", true}},
                    std::pair{PatternReading::docker, Row{"a|b*", "c", false}},
                    std::pair{PatternReading::docker, Row{"a|b", "a|b", true}},
                    std::pair{PatternReading::docker, Row{"a{2}?", "aax", true}},
                    std::pair{PatternReading::docker, Row{"a{x}?", "a{x}y", true}},
                    std::pair{PatternReading::docker, Row{"x?{02}", "xa{02}", true}},
                    std::pair{PatternReading::docker, Row{"x?{02}", "xaa", false}},
                    std::pair{PatternReading::docker, Row{"{2}*.x", "a.x", true}},
                    std::pair{PatternReading::docker, Row{"{2}*.x", "a/b.x", false}},
                    std::pair{PatternReading::docker, Row{"{0}*.x", "a/b.x", true}},
                    std::pair{PatternReading::docker, Row{"{0,}?b", "a/xb", true}},
                    std::pair{PatternReading::older, Row{"{2}a", "a", true}},
                    std::pair{PatternReading::older, Row{"a+{2,3,4}", "aa{2,3,4}", true}},
                    std::pair{PatternReading::docker, Row{"[\\w-.]x", "-x", true}},
                    std::pair{PatternReading::docker, Row{"[\\w-.]x", "5x", true}},
                    std::pair{PatternReading::docker, Row{"[\\w-.]x", "+x", false}},
                    std::pair{PatternReading::older, Row{"[\\d-z]x", "-x", true}},
                    std::pair{PatternReading::older, Row{"[\\d-z]x", "ax", false}},
                    std::pair{PatternReading::docker, Row{"a+(b)*", "a+(b)c", true}},
                    std::pair{PatternReading::docker, Row{"[d\\]]", "]", true}},
                    std::pair{PatternReading::glob, Row{"\\d", "d", true}},
                    std::pair{PatternReading::glob, Row{"[*]", "*", true}},
                    std::pair{PatternReading::glob, Row{"[b-a]x", "bx", false}},
                    std::pair{PatternReading::glob, Row{"[b-ac]x", "cx", true}},
                    std::pair{PatternReading::glob, Row{"[^b-a]x", "bx", true}},
                    std::pair{PatternReading::older, Row{"a{2}b+", "aabb", true}},
                    std::pair{PatternReading::older, Row{"+*", "ab", true}},
                    std::pair{PatternReading::older, Row{"[++]", "+", true}},
                    std::pair{PatternReading::older, Row{"*\\+", "a+", true}},
                    std::pair{PatternReading::older, Row{"*(a+)", "baa", true}},
                    std::pair{PatternReading::glob, Row{"^x*", "^x1", true}}));

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
                                         BadRow{"a\\", "nothing follows the '\\' at its end"},
                                         BadRow{"[\x80]", "a byte in its '[…]' is not UTF-8"},
                                         BadRow{"\\y",
                                                "'\\y' is no escape; a '\\' belongs only before "
                                                "punctuation"},
                                         BadRow{"\\\xC3\xA9",
                                                "'\\\xC3\xA9' is no escape; a '\\' belongs only "
                                                "before punctuation"}));

class OlderTable : public testing::TestWithParam<const char*> {};

TEST_P(OlderTable, IsRefusedByOlderEnginesOnly) {
  EXPECT_NO_THROW(IgnorePattern(GetParam(), PatternReading::docker));
  EXPECT_THROW(IgnorePattern(GetParam(), PatternReading::older), std::invalid_argument);
}

// PCRE would take all but the first: `c++` as one that gives nothing back.
INSTANTIATE_TEST_SUITE_P(Repetitions, OlderTable,
                         testing::Values("a(b", "c++", "a*+", "a**+", "a**/+b", "a{2}+", "a+{2}",
                                         "a{2}{3}", "a{1001}", "a{1,1001}"));

TEST(IgnorePattern, SaysWhichSignOlderEnginesRefuse) {
  try {
    const IgnorePattern pattern("c++", PatternReading::older);
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "the engine refuses its '+', which repeats a repetition or too often; put '\\' "
                 "before one that is itself");
  }
}

TEST(IgnorePattern, LongPathsAndManyStarsStayQuick) {
  const IgnorePattern pattern("*a*a*a*a*a*a*a*a*a*a*b");
  EXPECT_FALSE(pattern.matches(std::string(4000, 'a')));
}

// An expression that goes back and forth would give up on these.
TEST(IgnorePattern, ExpressionsOfManyWaysStayQuick) {
  const std::string path(200, 'a');
  EXPECT_FALSE(IgnorePattern("*a*a*a*a*a*a*a*\\d").matches(path));
  EXPECT_FALSE(IgnorePattern("((a|aa)+)(b|c)", PatternReading::older).matches(path));
  EXPECT_TRUE(IgnorePattern("((a|aa)+)(b|c)", PatternReading::older).matches(path + "c"));
}

TEST(IgnorePattern, DockerRefusesARepetitionOfAStarToo) {
  EXPECT_THROW(IgnorePattern("a*{2}"), std::invalid_argument);
  EXPECT_NO_THROW(IgnorePattern("a*+"));
}

}  // namespace
}  // namespace cairn::dockerfile
