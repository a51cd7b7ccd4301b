// SPDX-License-Identifier: BSD-3-Clause
#include "support.hpp"

#include <gtest/gtest.h>

namespace cairn::dockerfile {
namespace {

struct Row {
  const char* one;
  const char* other;
};

class SameKey : public testing::TestWithParam<Row> {};

TEST_P(SameKey, ForTheSameImage) {
  EXPECT_EQ(key_of(GetParam().one), key_of(GetParam().other));
}

INSTANTIATE_TEST_SUITE_P(
    Recipes, SameKey,
    testing::Values(Row{"FROM a\nRUN x y", "# c\n\nfrom   a\n\nrun   x y  \n"},
                    Row{"FROM a\nRUN x y", "FROM a\nRUN \\\n# c\nx \\\n\ny"},
                    Row{"FROM a\nRUN x",
                        "\xEF\xBB\xBF"
                        "FROM a\r\nRUN x\r\n"},
                    Row{"FROM a\nRUN x", "# syntax=docker/dockerfile:1\nFROM a\nRUN x"},
                    Row{"FROM a\nRUN x", "ARG unused=1\nFROM a\nRUN x"},
                    Row{"FROM a\nRUN x", "FROM z AS unneeded\nRUN y\nFROM a\nRUN x"},
                    Row{"FROM z AS b\nFROM a\nCOPY --from=b x y",
                        "FROM q\nFROM z AS c\nFROM a\nCOPY --from=1 x y"},
                    Row{"FROM z AS b\nFROM a\nRUN --mount=from=b,target=/x y",
                        "FROM z AS c\nFROM a\nRUN --mount=from=C,target=/x y"},
                    Row{"FROM a\nCOPY a  b c", "FROM a\nCOPY a b \\\n  c"},
                    Row{"FROM a\nCMD [\"a\",\"b\"]", "FROM a\nCMD [ \"a\" , \"b\" ]"},
                    Row{"FROM a\nHEALTHCHECK CMD x", "FROM a\nHEALTHCHECK cmd x"}));

class OtherKey : public testing::TestWithParam<Row> {};

TEST_P(OtherKey, WhenTheImageCanDiffer) {
  EXPECT_NE(key_of(GetParam().one), key_of(GetParam().other));
}

INSTANTIATE_TEST_SUITE_P(
    Recipes, OtherKey,
    testing::Values(Row{"FROM a", "FROM b"}, Row{"FROM a\nRUN x y", "FROM a\nRUN x  y"},
                    Row{"FROM a\nRUN x # y", "FROM a\nRUN x"},
                    Row{"FROM a\nRUN [\"x\"]", "FROM a\nRUN x"},
                    Row{"FROM a\nRUN x\nRUN y", "FROM a\nRUN y\nRUN x"},
                    Row{"FROM a\nRUN <<E\nx\nE", "FROM a\nRUN <<E\n x\nE"},
                    Row{"FROM a\nRUN <<E\n# c\nE", "FROM a\nRUN <<E\nE"},
                    Row{"FROM a\nCOPY <<E /f\nx\nE", "FROM a\nCOPY <<'E' /f\nx\nE"},
                    Row{"FROM a\nCOPY <<E /f\n\tx\nE", "FROM a\nCOPY <<-E /f\n\tx\nE"},
                    Row{"FROM a\nCOPY --chmod=1 x y", "FROM a\nCOPY x y"},
                    Row{"FROM a\nCOPY [\"x y\", \"z\"]", "FROM a\nCOPY [\"x\", \"y\", \"z\"]"},
                    Row{"ARG x=1\nFROM a\nARG x", "ARG x=2\nFROM a\nARG x"},
                    Row{"ARG y=1\nARG x=$y\nFROM a:$x", "ARG y=2\nARG x=$y\nFROM a:$x"},
                    Row{"FROM a\nARG x=1\nRUN y", "FROM a\nARG x=2\nRUN y"},
                    Row{"FROM --platform=linux/arm64 a", "FROM a"},
                    Row{"FROM a\nENV x=a\\b", "# escape=`\nFROM a\nENV x=a\\b"},
                    Row{"FROM z AS b\nFROM y AS c\nFROM a\nCOPY --from=b x y\nCOPY --from=c z z",
                        "FROM z AS b\nFROM y AS c\nFROM a\nCOPY --from=c x y\nCOPY --from=b z z"},
                    Row{"FROM a\nENV x=\"1\" y=2", "FROM a\nENV x=\"1 y=2\""}));

TEST(RecipeKey, HasAVersionAndFieldsThatCannotRunTogether) {
  EXPECT_EQ(key_of("ARG V=1\nFROM a:$V AS b\nFROM b\nCOPY --link x y\n"),
            "cairn-recipe 1\nescape \\\nglobal 1:V 1:1\nstage 0\nFROM 10:image:a:$V\n"
            "stage 1\nFROM 7:stage:0\nCOPY flag 4:link 0: plain 1:x 1:y\n");
}

TEST(RecipeKey, ComesInOnePieceAStage) {
  const Dockerfile file = read("ARG V=1\nFROM a:$V AS b\nFROM b\nRUN x\n");
  const std::vector<RecipePart> parts = recipe_parts(file, needed_stages(file, ""));
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].name, "");
  EXPECT_EQ(parts[0].text, "cairn-recipe 1\nescape \\\nglobal 1:V 1:1\n");
  EXPECT_EQ(parts[1].name, "b");
  EXPECT_EQ(parts[1].text, "stage 0\nFROM 10:image:a:$V\n");
  EXPECT_EQ(parts[2].name, "1");
  EXPECT_EQ(parts[2].text, "stage 1\nFROM 7:stage:0\nRUN plain 1:x\n");
}

TEST(RecipeKey, StageByArgumentIsTheStageOfThatArgument) {
  const char* text = "ARG R=own\nFROM u AS own\nFROM $R\nRUN x";
  const Dockerfile own = read(text);
  const Dockerfile other = read(text, {{"R", "debian"}});
  EXPECT_NE(key_of(own), key_of(other));
}

}  // namespace
}  // namespace cairn::dockerfile
