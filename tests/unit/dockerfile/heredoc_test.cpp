// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/heredoc.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

namespace cairn::dockerfile {
namespace {

Instruction first(const std::string& text) {
  return read("FROM scratch\n" + text).stages.at(0).instructions.at(0);
}

TEST(Heredoc, ContentIsRaw) {
  const Instruction run = first("RUN <<EOF\n# kept\n\n  a \\\nb\r\nEOF\nRUN x");
  ASSERT_EQ(run.heredocs.size(), 1U);
  EXPECT_EQ(run.heredocs[0].name, "EOF");
  EXPECT_TRUE(run.heredocs[0].expand);
  EXPECT_EQ(run.heredocs[0].content, "# kept\n\n  a \\\nb\r\n");
}

TEST(Heredoc, SeveralOnALineComeInOrder) {
  const Instruction copy = first("COPY <<A <<-'B' /x/\na\nA\n\tb\n\tB\nRUN x");
  ASSERT_EQ(copy.heredocs.size(), 2U);
  EXPECT_EQ(copy.heredocs[0].content, "a\n");
  EXPECT_EQ(copy.heredocs[1].content, "\tb\n");
  EXPECT_FALSE(copy.heredocs[1].expand);
  EXPECT_EQ(copy.words, (std::vector<std::string>{"<<A", "<<-'B'", "/x/"}));
}

TEST(Heredoc, TerminatorIsTheExactLine) {
  EXPECT_EQ(first("RUN <<EOF\n EOF\nEOF \n\tEOF\nEOF\n").heredocs[0].content,
            " EOF\nEOF \n\tEOF\n");
}

TEST(Heredoc, FileDescriptorsAndQuotesInTheWord) {
  EXPECT_EQ(first("RUN cat 3<<EOF\nx\nEOF").heredocs[0].name, "EOF");
  EXPECT_EQ(first("RUN cat <<\"E\"F\nx\nEF").heredocs[0].name, "EF");
  EXPECT_FALSE(parse_heredoc_word("<<'E'")->expand);
}

TEST(Heredoc, OnlyWhereTheLanguageHasThem) {
  EXPECT_TRUE(first("CMD cat <<EOF").heredocs.empty());
  EXPECT_TRUE(first("RUN [\"cat\", \"<<EOF\"]").heredocs.empty());
  EXPECT_TRUE(first("RUN echo \"<<EOF\"").heredocs.empty());
  EXPECT_TRUE(first("RUN echo $((1<<2))").heredocs.empty());
  EXPECT_TRUE(first("RUN cat <<<word").heredocs.empty());
  EXPECT_EQ(first("ONBUILD RUN <<EOF\nx\nEOF").heredocs.size(), 1U);
  EXPECT_TRUE(first("ONBUILD CMD <<EOF").heredocs.empty());
}

TEST(Heredoc, SpanCoversItsLines) {
  const Dockerfile file = read("FROM a\nRUN <<E\nx\nE\nRUN y");
  const Span& span = file.stages[0].instructions[0].span;
  EXPECT_EQ(file.text.substr(span.offset, span.length), "RUN <<E\nx\nE");
}

TEST(Heredoc, UnterminatedIsAnError) {
  EXPECT_EQ(error_of("FROM a\nRUN cat <<EOF\nx\n"),
            "Dockerfile:2:1: heredoc 'EOF' is not terminated\nRUN cat <<EOF\n^");
}

}  // namespace
}  // namespace cairn::dockerfile
