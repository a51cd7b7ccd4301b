// SPDX-License-Identifier: BSD-3-Clause
#include "support.hpp"

#include <gtest/gtest.h>

namespace cairn::dockerfile {
namespace {

using Words = std::vector<std::string>;

struct Row {
  const char* line;
  Words words;
  bool json = false;
};

class AcceptTable : public testing::TestWithParam<Row> {};

TEST_P(AcceptTable, SplitsIntoWords) {
  const Dockerfile file = read("FROM scratch\n" + std::string(GetParam().line));
  ASSERT_EQ(file.stages.at(0).instructions.size(), 1U);
  const Instruction& instruction = file.stages[0].instructions[0];
  EXPECT_EQ(instruction.words, GetParam().words);
  EXPECT_EQ(instruction.json_form, GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(
    Instructions, AcceptTable,
    testing::Values(
        Row{"RUN a  b", {"a  b"}}, Row{"run a", {"a"}}, Row{"RUN", {}},
        Row{"RUN [\"a\", \"b c\"]", {"a", "b c"}, true}, Row{"RUN [ -f x ]", {"[ -f x ]"}},
        Row{"RUN [\"a\"] b", {"[\"a\"] b"}}, Row{"RUN [a]", {"[a]"}}, Row{"CMD []", {}, true},
        Row{"CMD", {}}, Row{"ENTRYPOINT [\"a\"]", {"a"}, true},
        Row{"COPY a  b\tc", {"a", "b", "c"}}, Row{"COPY \"a b\" c", {"\"a", "b\"", "c"}},
        Row{"COPY [\"a b\", \"c\"]", {"a b", "c"}, true},
        Row{"ADD https://x/y /z", {"https://x/y", "/z"}},
        Row{"ENV a=b c='d e'", {"a=b", "c='d e'"}}, Row{"ENV a b  c", {"a=b  c"}},
        Row{"ENV a=b\\ c", {"a=b\\ c"}}, Row{"ENV a=", {"a="}},
        Row{"LABEL \"a b\"=c", {"\"a b\"=c"}}, Row{"LABEL a b=c", {"a=b=c"}},
        Row{"ARG a b=c d=\"e f\"", {"a", "b=c", "d=\"e f\""}},
        Row{"EXPOSE 80 90/udp", {"80", "90/udp"}}, Row{"VOLUME /a /b", {"/a", "/b"}},
        Row{"VOLUME [\"/a\"]", {"/a"}, true}, Row{"WORKDIR /a b", {"/a b"}},
        Row{"USER a:b", {"a:b"}}, Row{"STOPSIGNAL 9", {"9"}}, Row{"MAINTAINER a b", {"a b"}},
        Row{"SHELL [\"sh\", \"-c\"]", {"sh", "-c"}, true}, Row{"HEALTHCHECK none", {"NONE"}},
        Row{"HEALTHCHECK CMD a b", {"CMD", "a b"}},
        Row{"HEALTHCHECK --interval=1m30s --retries=3 cmd [\"a\"]", {"CMD", "a"}, true},
        Row{"ONBUILD RUN a", {"RUN a"}}, Row{"ONBUILD COPY --from=x a b", {"COPY --from=x a b"}},
        Row{"RUN --network=none a", {"a"}}, Row{"RUN -- --x", {"--x"}}, Row{"RUN -x", {"-x"}}));

TEST(Parser, FlagsWithQuotesAndEscapes) {
  const Dockerfile file =
      read("FROM a\nCOPY --chown=\"a b\" --link --exclude=x --exclude='y z' --chmod=a\\ b s d\n");
  const Instruction& copy = file.stages[0].instructions[0];
  ASSERT_EQ(copy.flags.size(), 5U);
  EXPECT_EQ(copy.flags[0].name, "chown");
  EXPECT_EQ(copy.flags[0].value, "a b");
  EXPECT_EQ(copy.flags[1].name, "link");
  EXPECT_EQ(copy.flags[1].value, "");
  EXPECT_EQ(copy.flags[3].value, "y z");
  EXPECT_EQ(copy.flags[4].value, "a b");
  EXPECT_EQ(copy.words, (Words{"s", "d"}));
  const Span& span = copy.flags[0].span;
  EXPECT_EQ(file.text.substr(span.offset, span.length), "a b");
  EXPECT_EQ(span.line, 2);
  EXPECT_EQ(span.column, 15);
}

TEST(Parser, FlagsOverSeveralLines) {
  const Dockerfile file =
      read("FROM a\nRUN --mount=type=cache,target=/x \\\n # c\n --network=host \\\n  cmd");
  const Instruction& run = file.stages[0].instructions[0];
  ASSERT_EQ(run.flags.size(), 2U);
  EXPECT_EQ(run.flags[1].value, "host");
  EXPECT_EQ(run.text, "cmd");
}

TEST(Parser, FlagsAreNotReadFurtherBehind) {
  const Dockerfile file = read("FROM a\nRUN cmd --mount=x");
  EXPECT_TRUE(file.stages[0].instructions[0].flags.empty());
}

TEST(Parser, StagesHaveLowerCaseNamesAndNumbers) {
  const Dockerfile file = read("ARG x\nFROM a as Build-1.x_y\nRUN x\nfrom b\nUSER c");
  ASSERT_EQ(file.stages.size(), 2U);
  EXPECT_EQ(file.meta_args.size(), 1U);
  EXPECT_EQ(file.stages[0].name, "build-1.x_y");
  EXPECT_EQ(file.stages[1].name, "");
  EXPECT_EQ(file.stages[1].index, 1);
  EXPECT_EQ(file.stages[1].instructions[0].keyword, "USER");
}

TEST(Parser, ArgIgnoresFlagsAsBuildKitDoes) {
  EXPECT_EQ(read("ARG --x a\nFROM a").meta_args[0].words, (Words{"a"}));
}

}  // namespace
}  // namespace cairn::dockerfile
