// SPDX-License-Identifier: BSD-3-Clause
#include "base/text.hpp"

#include "base/error.hpp"
#include "base/process.hpp"

#include <gtest/gtest.h>

namespace cairn {
namespace {

using Words = std::vector<std::string>;

TEST(Text, SplitsAsAShellDoes) {
  EXPECT_EQ(shell_split("a  b\tc\n"), (Words{"a", "b", "c"}));
  EXPECT_EQ(shell_split(R"(a' 'b "c d"e)"), (Words{"a b", "c de"}));
  EXPECT_EQ(shell_split(R"(\  '' "")"), (Words{" ", "", ""}));
  EXPECT_EQ(shell_split(R"("a\"b\\c\d" 'x\y')"), (Words{R"(a"b\c\d)", R"(x\y)"}));
  EXPECT_EQ(shell_split("   "), Words{});
}

TEST(Text, RefusesAnOpenQuote) {
  try {
    shell_split("echo 'a b");
    FAIL() << "it was taken";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(), "no closing ' in 'echo 'a b'");
    EXPECT_EQ(error.hint(), "close the quote");
  }
}

TEST(Text, QuotesSoThatAShellReadsItBack) {
  const Words odd{"plain", "a b",  "",   "'", "a'b'c", "$HOME", "`id`", "\\",       "*",
                  "~",     "a\nb", "!x", "#", "-n",    "a;b",   "x=y",  "\xff\xfe", "é"};
  EXPECT_EQ(shell_split(shell_quote(odd)), odd);
  std::string expected;
  for (const std::string& word : odd)
    expected += "<" + word + ">";
  EXPECT_EQ(run_checked({{"/bin/sh", "-c", "printf '<%s>' " + shell_quote(odd)}, {}, {}, {}}),
            expected);
  EXPECT_EQ(shell_quote("quay.io/a/b:c_1@sha256:0,x=%+"), "quay.io/a/b:c_1@sha256:0,x=%+");
}

TEST(Text, SuggestsTypingSlipsOnly) {
  const Words known{"base-notebook", "scipy-notebook", "minimal-notebook"};
  EXPECT_EQ(did_you_mean("base-notbook", known), "base-notebook");
  EXPECT_EQ(did_you_mean("Scipy-Notebook", known), "scipy-notebook");
  EXPECT_EQ(did_you_mean("postgres", known), std::nullopt);
  EXPECT_EQ(did_you_mean("x", {}), std::nullopt);
  EXPECT_EQ(did_you_mean("tset", {"test", "build"}), "test");
}

TEST(Text, FormatsBytesAsEnginesDo) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(999), "999 B");
  EXPECT_EQ(format_bytes(1000), "1.00 kB");
  EXPECT_EQ(format_bytes(77'800'000), "77.8 MB");
  EXPECT_EQ(format_bytes(655'000'000), "655 MB");
  EXPECT_EQ(format_bytes(999'499'999), "999 MB");
  EXPECT_EQ(format_bytes(999'999'999), "1.00 GB");
  EXPECT_EQ(format_bytes(1'940'000'000), "1.94 GB");
  EXPECT_EQ(format_bytes(123'456'000'000'000'000), "123456 TB");
}

TEST(Text, FormatsSecondsWithoutEverSayingSixty) {
  EXPECT_EQ(format_seconds(0), "0.0 s");
  EXPECT_EQ(format_seconds(12.34), "12.3 s");
  EXPECT_EQ(format_seconds(59.94), "59.9 s");
  EXPECT_EQ(format_seconds(59.96), "1 min 0 s");
  EXPECT_EQ(format_seconds(119.6), "2 min 0 s");
  EXPECT_EQ(format_seconds(270), "4 min 30 s");
}

TEST(Text, KeepsTheLastLines) {
  EXPECT_EQ(last_lines("a\nb\nc\n", 2), "b\nc");
  EXPECT_EQ(last_lines("a", 2), "a");
  EXPECT_EQ(last_lines("", 2), "");
  EXPECT_EQ(last_lines("a\n\n", 1), "");
}

TEST(Text, SplitsLinesWithEitherEnd) {
  EXPECT_EQ(split_lines("a\r\nb\n\nc"), (Words{"a", "b", "", "c"}));
  EXPECT_EQ(split_lines("\n"), Words{""});
  EXPECT_EQ(split_lines(""), Words{});
  EXPECT_EQ(split("a,,b,", ','), (Words{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), Words{""});
}

TEST(Text, TakesEscapeSequencesAway) {
  EXPECT_EQ(without_ansi("\x1b[1;31mred\x1b[0m"), "red");
  EXPECT_EQ(without_ansi("\x1b]0;title\aafter"), "after");
  EXPECT_EQ(without_ansi("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\"), "link");
  EXPECT_EQ(without_ansi("cut \x1b[1"), "cut ");
  EXPECT_EQ(without_ansi("\x1b[?25lx\x1b"), "x\x1b");
}

TEST(Text, TrimsAndLowers) {
  EXPECT_EQ(trim(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(to_lower("AbZ\xc3\x84"), "abz\xc3\x84");
  EXPECT_TRUE(starts_with_digit("3.11"));
  EXPECT_FALSE(starts_with_digit("v3"));
  EXPECT_FALSE(starts_with_digit(""));
}

}  // namespace
}  // namespace cairn
