// SPDX-License-Identifier: BSD-3-Clause
#include "support.hpp"

#include <gtest/gtest.h>

namespace cairn::dockerfile {
namespace {

// `line` is the second of the file; the message is at `column` of it.
struct Row {
  const char* line;
  int column;
  const char* what;
};

class ErrorTable : public testing::TestWithParam<Row> {};

TEST_P(ErrorTable, SaysWhatAndWhere) {
  const Row& row = GetParam();
  EXPECT_EQ(error_of("FROM scratch\n" + std::string(row.line) + "\n"),
            "Dockerfile:2:" + std::to_string(row.column) + ": " + row.what + "\n" + row.line +
                "\n" + std::string(static_cast<std::size_t>(row.column - 1), ' ') + "^");
}

INSTANTIATE_TEST_SUITE_P(
    Instructions, ErrorTable,
    testing::Values(
        Row{"RUM apt-get update", 1, "unknown instruction 'RUM'; did you mean 'RUN'?"},
        Row{"  copyy a b", 3, "unknown instruction 'copyy'; did you mean 'COPY'?"},
        Row{"QWERTZUIOP", 1, "unknown instruction 'QWERTZUIOP'"},
        Row{"COPY --fromm=x a b", 6, "COPY has no flag '--fromm'; did you mean '--from'?"},
        Row{"USER --zzz x", 6, "USER has no flag '--zzz'"},
        Row{"COPY --from a b", 6, "flag '--from' needs a value"},
        Row{"COPY --from=a --from=b c d", 15, "flag '--from' is given twice"},
        Row{"COPY --link=maybe a b", 6, "'--link' expected true or false, got 'maybe'"},
        Row{"COPY --from=$x a b", 13, "'--from' takes no variables, got '$x'"},
        Row{"COPY --from=7 a b", 13, "there is no stage '7'; the last one is 0"},
        Row{"COPY a", 6, "COPY needs a source and a destination"},
        Row{"ADD", 1, "ADD needs a source and a destination"},
        Row{"COPY a <<EOF", 6, "COPY cannot have a heredoc as destination"},
        Row{"COPY [\"a\", 1]", 6, "the array of COPY must hold strings only"},
        Row{"CMD [1]", 5, "the array of CMD must hold strings only"},
        Row{"RUN --network=lan x", 15,
            "'--network' expected 'default', 'none' or 'host', got 'lan'"},
        Row{"RUN --mount=type=bnid x", 13, "unknown mount type 'bnid'; did you mean 'bind'?"},
        Row{"RUN --mount=type=cache,sharing=none x", 24, "unknown mount sharing 'none'"},
        Row{"RUN --mount=form=x y", 13, "unknown mount option 'form'; did you mean 'from'?"},
        Row{"RUN --mount=target y", 13, "mount option 'target' needs a value"},
        Row{"RUN --mount=from=$x y", 18, "'from' takes no variables, got '$x'"},
        Row{"FROM a b", 6, "FROM expected 'IMAGE' or 'IMAGE AS NAME', got 'a b'"},
        Row{"FROM a AZ b", 6, "FROM expected 'IMAGE' or 'IMAGE AS NAME', got 'a AZ b'"},
        Row{"FROM", 1, "FROM expected 'IMAGE' or 'IMAGE AS NAME', got ''"},
        Row{"FROM a AS 1x", 6,
            "invalid stage name '1x': expected a letter, then letters, digits, '-', '_' or '.'"},
        Row{"FROM ${x", 6, "cannot expand '${x': missing '}'"},
        Row{"ENV a", 5, "ENV needs a value for 'a'"}, Row{"ENV", 1, "ENV needs an argument"},
        Row{"ENV a=b c", 5, "ENV expected NAME=VALUE, got 'c'"},
        Row{"LABEL =x", 7, "LABEL expected a name before '=x'"},
        Row{"ARG", 1, "ARG needs an argument"}, Row{"ARG =x", 5, "ARG expected a name before '=x'"},
        Row{"EXPOSE", 1, "EXPOSE needs an argument"}, Row{"USER", 1, "USER needs an argument"},
        Row{"WORKDIR", 1, "WORKDIR needs an argument"},
        Row{"STOPSIGNAL", 1, "STOPSIGNAL needs an argument"},
        Row{"VOLUME [\" \"]", 8, "VOLUME cannot be empty"},
        Row{"SHELL bash -c", 7, "SHELL expected a JSON array of strings, got 'bash -c'"},
        Row{"SHELL []", 7, "SHELL expected a JSON array of strings, got '[]'"},
        Row{"HEALTHCHECK", 1, "HEALTHCHECK needs an argument"},
        Row{"HEALTHCHECK RUN x", 13, "HEALTHCHECK expected CMD or NONE, got 'RUN'"},
        Row{"HEALTHCHECK NONE x", 13, "HEALTHCHECK NONE takes no arguments"},
        Row{"HEALTHCHECK CMD", 13, "HEALTHCHECK CMD needs a command"},
        Row{"HEALTHCHECK --interval=5 CMD x", 24,
            "'--interval' expected a time as in '30s' or '1m30s', got '5'"},
        Row{"HEALTHCHECK --retries=-1 CMD x", 23, "'--retries' expected a number, got '-1'"},
        Row{"ONBUILD", 1, "ONBUILD needs an argument"},
        Row{"ONBUILD ONBUILD RUN x", 9, "ONBUILD cannot be followed by ONBUILD"},
        Row{"ONBUILD from x", 9, "ONBUILD cannot be followed by FROM"},
        Row{"ONBUILD RUM x", 9, "unknown instruction 'RUM'; did you mean 'RUN'?"},
        Row{"ONBUILD COPY x", 14, "COPY needs a source and a destination"}));

TEST(Errors, PointIntoContinuationLines) {
  EXPECT_EQ(error_of("FROM a\nCOPY --chown=x \\\n\t--fom=y a b"),
            "Dockerfile:3:2: COPY has no flag '--fom'; did you mean '--from'?\n\t--fom=y a b\n\t^");
}

TEST(Errors, CaretCountsCharactersNotBytes) {
  EXPECT_EQ(error_of("FROM a\nCOPY --chown=\xC3\xA9 --fom=y a b"),
            "Dockerfile:2:17: COPY has no flag '--fom'; did you mean '--from'?\n"
            "COPY --chown=\xC3\xA9 --fom=y a b\n               ^");
}

TEST(Errors, ByteOrderMarkIsNoColumn) {
  EXPECT_EQ(error_of("\xEF\xBB\xBFRUM x"),
            "Dockerfile:1:1: unknown instruction 'RUM'; did you mean 'RUN'?\nRUM x\n^");
}

TEST(Errors, ControlCharactersAreNotEchoed) {
  EXPECT_EQ(error_of("X\x1b[31m"), "Dockerfile:1:1: unknown instruction 'X?[31m'\nX?[31m\n^");
}

TEST(Errors, FileWithoutStage) {
  EXPECT_EQ(error_of(""), "Dockerfile: there is no FROM in it");
  EXPECT_EQ(error_of("# only\nARG x\n"), "Dockerfile: there is no FROM in it");
  EXPECT_EQ(error_of("RUN x\nFROM a"),
            "Dockerfile:1:1: RUN stands before the first FROM\nRUN x\n^");
}

TEST(Errors, CircleOfStages) {
  EXPECT_EQ(error_of("FROM x AS a\nCOPY --from=a b c"),
            "Dockerfile:1:1: stage 'a' needs itself, in a circle\nFROM x AS a\n^");
  EXPECT_EQ(error_of("FROM x AS a\nCOPY --from=b b c\nFROM y AS b\nCOPY --from=a b c"),
            "Dockerfile:1:1: stage 'a' needs itself, in a circle\nFROM x AS a\n^");
}

TEST(Errors, HintsSayWhatToType) {
  try {
    read("FROM a\nCOPY --from=$x a b");
    FAIL();
  } catch (const UserError& error) {
    EXPECT_EQ(error.hint(), "name a stage for it: FROM $x AS base, then --from=base");
  }
}

}  // namespace
}  // namespace cairn::dockerfile
