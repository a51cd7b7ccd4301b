// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/expand.hpp"

#include <gtest/gtest.h>

namespace cairn::dockerfile {
namespace {

struct Row {
  const char* text;
  const char* expected;
};

std::string expanded(const std::string& text, char escape = '\\') {
  ExpandOptions options;
  options.escape = escape;
  return expand(text, {{"v", "value"}, {"empty", ""}, {"p", "a/b/c.tar.gz"}, {"s", "x*y"}}, options)
      .text;
}

class ExpandTable : public testing::TestWithParam<Row> {};

TEST_P(ExpandTable, Gives) {
  EXPECT_EQ(expanded(GetParam().text), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, ExpandTable,
    testing::Values(Row{"$v", "value"}, Row{"${v}x", "valuex"}, Row{"$vx", ""}, Row{"a$", "a$"},
                    Row{"$/x", "$/x"}, Row{"\\$v", "$v"}, Row{"'$v'", "$v"}, Row{"\"$v\"", "value"},
                    Row{"\"\\$v\"", "$v"}, Row{"\"a\\b\"", "a\\b"}, Row{"a\\b", "ab"},
                    Row{"a\\", "a"}, Row{"$1x", "x"}, Row{"${v:-w}", "value"}, Row{"${u:-w}", "w"},
                    Row{"${empty:-w}", "w"}, Row{"${empty-w}", ""}, Row{"${u-w}", "w"},
                    Row{"${v:+w}", "w"}, Row{"${empty:+w}", ""}, Row{"${empty+w}", "w"},
                    Row{"${u+w}", ""}, Row{"${u:-${v}}", "value"}, Row{"${u:-$v/x}", "value/x"},
                    Row{"${v:?no}", "value"}, Row{"${empty?no}", ""}, Row{"${p#*/}", "b/c.tar.gz"},
                    Row{"${p##*/}", "c.tar.gz"}, Row{"${p%.*}", "a/b/c.tar"},
                    Row{"${p%%.*}", "a/b/c"}, Row{"${p#?}", "/b/c.tar.gz"},
                    Row{"${p#x}", "a/b/c.tar.gz"}, Row{"${s#x\\*}", "y"},
                    Row{"${p/b/X}", "a/X/c.tar.gz"}, Row{"${p/\\//-}", "a-b/c.tar.gz"},
                    Row{"${p//\\//-}", "a-b-c.tar.gz"}, Row{"${p/.*/}", "a/b/c"}, Row{"${u#x}", ""},
                    Row{"${u/a/b}", ""}));

TEST(Expand, FollowsTheEscapeDirective) {
  EXPECT_EQ(expanded("`$v \\x", '`'), "$v \\x");
}

TEST(Expand, SplitsWordsOutsideOfQuotes) {
  const Expansion result = expand(" a 'b c'  d\\ e $v", {{"v", "x y"}});
  EXPECT_EQ(result.words, (std::vector<std::string>{"a", "b c", "d e", "x", "y"}));
}

TEST(Expand, KeepsUnsetVariablesWhenTold) {
  ExpandOptions options;
  options.keep_unset = true;
  EXPECT_EQ(expand("$a ${b} ${c:-d} ${e/f/g}", {}, options).text, "$a ${b} ${c:-d} ${e/f/g}");
}

class ExpandErrors : public testing::TestWithParam<Row> {};

TEST_P(ExpandErrors, Says) {
  try {
    expanded(GetParam().text);
    FAIL() << "accepted: " << GetParam().text;
  } catch (const ExpandError& error) {
    EXPECT_STREQ(error.what(), GetParam().expected);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Forms, ExpandErrors,
    testing::Values(Row{"${v", "missing '}'"}, Row{"${", "missing '}'"},
                    Row{"${v:-x", "missing '}'"}, Row{"${}", "bad substitution"},
                    Row{"${{v}}", "bad substitution"}, Row{"${:x}", "bad substitution"},
                    Row{"${v=x}", "unsupported modifier '=' in substitution"},
                    Row{"${v:=x}", "unsupported modifier ':=' in substitution"},
                    Row{"${v/x}", "missing '/'"}, Row{"${v/x/y", "missing '}'"},
                    Row{"'v", "missing closing single quote"},
                    Row{"\"v", "missing closing double quote"},
                    Row{"${u:?}", "'u': is not allowed to be unset"},
                    Row{"${empty:?}", "'empty': is not allowed to be empty"},
                    Row{"${u?give it}", "'u': give it"},
                    Row{"${v#\\x}", "invalid escape in the pattern '\\x'"}));

TEST(Expand, DeepNestingIsRefusedNotCrashed) {
  std::string text;
  for (int i = 0; i < 10000; ++i) {
    text += "${u:-";
  }
  EXPECT_THROW(expanded(text), ExpandError);
}

// What doubles with each line would take all memory after some thirty of them.
TEST(Expand, ValuesDoNotGrowWithoutEnd) {
  const std::map<std::string, std::string> half{{"A", std::string(std::size_t{64} * 1024, 'a')}};
  EXPECT_EQ(expand("$A$A", half).text.size(), std::size_t{128} * 1024);
  try {
    expand("$A$A$A", half);
    ADD_FAILURE() << "three halves were taken";
  } catch (const ExpandError& error) {
    EXPECT_STREQ(error.what(), "substitutions make more than 131072 bytes");
  }
  try {
    expand("${A//a/$A}", half);
    ADD_FAILURE() << "four gigabytes were made";
  } catch (const ExpandError& error) {
    EXPECT_STREQ(error.what(), "the replacement in 'A' is too long");
  }
}

TEST(MentionedVariables, FindsEveryName) {
  EXPECT_EQ(mentioned_variables("$a/${b}-${c:-$d} $ ${}"),
            (std::vector<std::string>{"a", "b", "c", "d"}));
}

}  // namespace
}  // namespace cairn::dockerfile
