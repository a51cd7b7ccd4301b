// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/lexer.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

namespace cairn::dockerfile {
namespace {

TEST(Lexer, JoinsContinuationsWithoutABlankAndKeepsLeadingOnes) {
  EXPECT_EQ(text_of("RUN a\\\n  b\\\nc"), "a  bc");
  EXPECT_EQ(text_of("RUN a \\ \t\n  b"), "a   b");
  EXPECT_EQ(text_of("RUN a \\\r\n  b\r\n"), "a   b");
}

TEST(Lexer, DropsCommentsAndBlankLinesInsideAContinuation) {
  EXPECT_EQ(text_of("RUN a \\\n# no\n   # no \\\n\n \t\nb # kept"), "a b # kept");
}

TEST(Lexer, TwoEscapesAtTheEndAreNoContinuation) {
  EXPECT_EQ(text_of("RUN a \\\\\nRUN b"), "a \\\\");
  EXPECT_EQ(text_of("RUN a \\\\\\\nRUN b"), "a \\\\\\");
}

TEST(Lexer, LineOfAnEscapeAloneContinues) {
  EXPECT_EQ(text_of("RUN a \\\n\\\nb"), "a b");
}

TEST(Lexer, ContinuationMayEndTheFile) {
  EXPECT_EQ(text_of("RUN a \\"), "a");
  EXPECT_EQ(text_of("RUN a \\\n"), "a");
  EXPECT_EQ(error_of("FROM a\n \\\n# c\n"),
            "Dockerfile:2:2: no instruction follows the line's '\\'\n \\\n ^");
}

TEST(Lexer, FollowsTheEscapeDirective) {
  const Dockerfile file = read("# escape=`\nFROM a\nRUN a `\n b\nRUN c \\\nRUN d");
  ASSERT_EQ(file.stages[0].instructions.size(), 3U);
  EXPECT_EQ(file.stages[0].instructions[0].text, "a  b");
  EXPECT_EQ(file.stages[0].instructions[1].text, "c \\");
}

TEST(Lexer, StripsAByteOrderMarkAndUnicodeBlanks) {
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "FROM a")
                .stages[0]
                .from.words[0],
            "a");
  EXPECT_EQ(read("\xC2\xA0 FROM a").stages[0].from.words[0], "a");
}

TEST(Lexer, TakesLinesOf65535BytesAndNoLonger) {
  const std::string full = "RUN " + std::string(65531, 'x');
  EXPECT_EQ(text_of(full + "\n").size(), 65531U);
  EXPECT_EQ(error_of("FROM a\n" + full + "x\n").substr(0, 52),
            "Dockerfile:2:1: line is longer than 65535 bytes\nRUN ");
}

TEST(Lexer, SpansKnowTheirPlace) {
  const Dockerfile file = read("# x\nFROM a\n\n  RUN \\\n  # c\n  b\nRUN c\n");
  const Instruction& run = file.stages[0].instructions[0];
  EXPECT_EQ(run.span.line, 4);
  EXPECT_EQ(run.span.column, 3);
  EXPECT_EQ(file.text.substr(run.span.offset, run.span.length), "RUN \\\n  # c\n  b");
  EXPECT_EQ(run.argument.line, 6);
  EXPECT_EQ(run.argument.column, 3);
  EXPECT_EQ(file.text.substr(run.argument.offset, run.argument.length), "b");
}

}  // namespace
}  // namespace cairn::dockerfile
