// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/directives.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

namespace cairn::dockerfile {
namespace {

TEST(Directives, ReadsSyntaxUpToTheFirstBlank) {
  EXPECT_EQ(read("# syntax = docker/dockerfile:1 extra\nFROM a").syntax, "docker/dockerfile:1");
  EXPECT_EQ(read("#SYNTAX=x\nFROM a").syntax, "x");
  EXPECT_EQ(read("\xEF\xBB\xBF# syntax=x\nFROM a").syntax, "x");
  EXPECT_EQ(read("# syntax=x\r\nFROM a\r\n").syntax, "x");
}

TEST(Directives, FindsSyntaxBehindAShebangButNoEscape) {
  const Dockerfile file = read("#!/usr/bin/env x\n# syntax=y\n# escape=`\nFROM a");
  EXPECT_EQ(file.syntax, "y");
  EXPECT_EQ(file.escape, '\\');
}

TEST(Directives, EndAtTheFirstOtherLine) {
  EXPECT_EQ(read("# a comment\n# syntax=x\nFROM a").syntax, "");
  EXPECT_EQ(read("\n# escape=`\nFROM a").escape, '\\');
  EXPECT_EQ(read("# unknown=1\n# escape=`\nFROM a").escape, '\\');
  EXPECT_EQ(read("# check=skip=all\n# escape=`\nFROM a").escape, '`');
}

TEST(Directives, BlankBeforeTheHashCountsButHidesTheFrontEnd) {
  const Dockerfile file = read(" # syntax=x\n# escape=`\nFROM a");
  EXPECT_EQ(file.syntax, "");
  EXPECT_EQ(file.escape, '`');
}

TEST(Directives, RefusesRepeatedOnesAndOtherEscapes) {
  EXPECT_EQ(error_of("# escape=`\n# escape=`\nFROM a"),
            "Dockerfile:2:1: directive 'escape' is given twice\n# escape=`\n^");
  EXPECT_EQ(error_of("# escape=x\nFROM a"),
            "Dockerfile:1:1: invalid escape character 'x': expected '\\' or '`'\n# escape=x\n^");
}

}  // namespace
}  // namespace cairn::dockerfile
