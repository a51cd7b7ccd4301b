// SPDX-License-Identifier: BSD-3-Clause
#include "support.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cairn::dockerfile {
namespace {

// Every image reference of the target's stages becomes NEW.
std::string rewritten(const std::string& text, bool blank = false, bool drop = false) {
  const Dockerfile file = read(text);
  const std::vector<int> needed = needed_stages(file, "");
  std::vector<Binding> bound;
  for (const ImageUse& use : image_uses(file, needed, {})) {
    bound.push_back({use.span, "NEW"});
  }
  const std::string result = rewrite(file, bound, needed, blank, drop);
  EXPECT_EQ(std::count(result.begin(), result.end(), '\n'),
            std::count(text.begin(), text.end(), '\n'));
  return result;
}

TEST(Rewrite, KeepsQuotesThatEndWithinAReference) {
  EXPECT_EQ(rewritten("FROM a\nRUN --mount='type=bind,from=al'pine,target=/t z"),
            "FROM NEW\nRUN --mount='type=bind,from=NEW',target=/t z");
  EXPECT_EQ(rewritten("FROM a\nCOPY --from=al\"pi\"ne x y"), "FROM NEW\nCOPY --from=NEW\"\" x y");
  EXPECT_EQ(rewritten("FROM a\\\"b"), "FROM NEW");  // escaped it ends nothing
}

TEST(Rewrite, KeepsEverythingElse) {
  EXPECT_EQ(rewritten("ARG B=x\n  from --platform=linux/amd64 ${B}  AS s\nRUN a \\\n b\n"),
            "ARG B=x\n  from --platform=linux/amd64 NEW  AS s\nRUN a \\\n b\n");
  EXPECT_EQ(rewritten("FROM a\nCOPY --from=\"b\" x y\nRUN --mount=type=bind,from=c,target=/t z"),
            "FROM NEW\nCOPY --from=\"NEW\" x y\nRUN --mount=type=bind,from=NEW,target=/t z");
}

TEST(Rewrite, SpreadReferencesKeepTheirLines) {
  const std::string result = rewritten("FROM de\\\n# c\nbian \\\n AS x\nRUN y");
  EXPECT_EQ(result, "FROM \\\n\\\nNEW \\\n AS x\nRUN y");
  EXPECT_EQ(read(result).stages[0].from.words, (std::vector<std::string>{"NEW", "AS", "x"}));
  EXPECT_EQ(rewritten("FROM de\\\r\nbian\r\nRUN y"), "FROM \\\r\nNEW\r\nRUN y");
}

TEST(Rewrite, BlanksUnneededStagesWithTheirHeredocs) {
  EXPECT_EQ(rewritten("ARG x\nFROM a AS b\nRUN <<E\nFROM q\nE\n# c\nFROM d\nRUN y\n", true),
            "ARG x\n\n\n\n\n# c\nFROM NEW\nRUN y\n");
  EXPECT_EQ(rewritten("FROM a AS b\nRUN x\nFROM b\n", true), "FROM NEW AS b\nRUN x\nFROM b\n");
}

TEST(Rewrite, NumbersOfStagesBehindBlankedOnesAreTheirNewOnes) {
  EXPECT_EQ(rewritten("FROM a\nFROM b\nFROM c\nCOPY --from=1 x y\n"
                      "RUN --mount=target=/t,from=1 z\n",
                      true),
            "\nFROM NEW\nFROM NEW\nCOPY --from=0 x y\nRUN --mount=target=/t,from=0 z\n");
  EXPECT_EQ(rewritten("FROM a\nFROM b\nFROM c\nCOPY --from=1 x y\n"),
            "FROM a\nFROM NEW\nFROM NEW\nCOPY --from=1 x y\n");
}

TEST(Rewrite, BindingsInBlankedStagesVanish) {
  const std::string text = "FROM a AS b\nFROM d\n";
  const Dockerfile file = read(text);
  const auto uses = image_uses(file, {0, 1}, {});
  EXPECT_EQ(rewrite(file, {{uses[0].span, "N"}, {uses[1].span, "M"}}, {1}, true, false),
            "\nFROM M\n");
}

TEST(Rewrite, DropsTheSyntaxLineAndKeepsOtherDirectivesFirst) {
  EXPECT_EQ(rewritten("# syntax=x\nFROM a\n", false, true), "\nFROM NEW\n");
  EXPECT_EQ(rewritten("# syntax=x\r\nFROM a\n", false, true), "\r\nFROM NEW\n");
  EXPECT_EQ(rewritten("# escape=`\n# syntax=x\nFROM a\n", false, true), "# escape=`\n\nFROM NEW\n");
  EXPECT_EQ(rewritten("#!/x\n# syntax=x\nFROM a\n", false, true), "#!/x\n\nFROM NEW\n");
  const std::string moved =
      rewritten("# syntax=x\n# check=error=true\n# escape=`\nFROM a `\n AS b", false, true);
  EXPECT_EQ(moved, "# check=error=true\n# escape=`\n\nFROM NEW `\n AS b");
  EXPECT_EQ(read(moved).escape, '`');
}

}  // namespace
}  // namespace cairn::dockerfile
