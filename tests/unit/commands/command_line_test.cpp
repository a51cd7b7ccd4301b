// SPDX-License-Identifier: BSD-3-Clause
#include "commands/command_line.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "commands/verb.hpp"
#include "run_verb.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>

namespace cairn::commands {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Verb& verb : verbs())
    all.push_back(verb.name);
  return all;
}

/// Those that this program carries out itself.
std::vector<std::string> own_names() {
  std::vector<std::string> all;
  for (const Verb& verb : verbs()) {
    if (verb.add_options) all.push_back(verb.name);
  }
  return all;
}

TEST(CommandLine, ListsItsVerbs) {
  const Answer asked = run_verb({"--help"});
  EXPECT_EQ(asked.exit_code, 0);
  EXPECT_THAT(asked.out, StartsWith("cairn " CAIRN_VERSION ": families of container images\n\n"
                                    "Usage: cairn <verb> [options]\n\n  scan     Looks at "));
  for (const Verb& verb : verbs())
    EXPECT_THAT(asked.out, HasSubstr("\n  " + verb.name + " "));
  EXPECT_EQ(run_verb({"-h"}).out, asked.out);
  EXPECT_EQ(run_verb({"help"}).out, asked.out);
  const Answer nothing = run_verb({});
  EXPECT_EQ(nothing.exit_code, 2);
  EXPECT_EQ(nothing.out, asked.out);
}

TEST(CommandLine, SaysItsVersion) {
  const Answer answer = run_verb({"--version"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.out, "cairn " CAIRN_VERSION "\n");
}

TEST(CommandLine, RefusesAnUnknownVerb) {
  const Answer slip = run_verb({"biuld"});
  EXPECT_EQ(slip.exit_code, 2);
  EXPECT_EQ(slip.error, "cairn: error: unknown verb 'biuld'\ncairn: hint: did you mean 'build'?");
  EXPECT_EQ(
      run_verb({"zzzzzz"}).error,
      "cairn: error: unknown verb 'zzzzzz'\ncairn: hint: the verbs are: " + join(names(), ", "));
}

class EveryVerb : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryVerb, HasAnExampleThatItUnderstands) {
  const Answer answer = run_verb({GetParam(), "--help"});
  EXPECT_EQ(answer.exit_code, 0);
  for (const Verb& verb : verbs()) {
    if (verb.name != GetParam()) continue;
    EXPECT_THAT(answer.out, HasSubstr("\nExample:\n  " + verb.example + "\n"));
    EXPECT_THAT(answer.out, StartsWith(verb.summary));
    EXPECT_THAT(verb.example, StartsWith("cairn " + verb.name + " "));
    const Context context;
    CLI::App app;
    const auto run = verb.add_options(app, context);
    std::vector<std::string> words = shell_split(verb.example);
    words.erase(words.begin(), words.begin() + 2);
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    EXPECT_NO_THROW(app.parse(words)) << verb.example;
  }
}

TEST_P(EveryVerb, RefusesAnUnknownOption) {
  const Answer answer = run_verb({GetParam(), "an-image", "--zzzzzzzz"});
  EXPECT_EQ(answer.exit_code, 2);
  EXPECT_EQ(answer.out, "");
  // A verb without a positional says first that it wants none, one with a must that it is missing.
  EXPECT_THAT(
      answer.error,
      ::testing::AnyOf(
          "cairn: error: unknown option '--zzzzzzzz'\ncairn: hint: cairn " + GetParam() + " --help",
          "cairn: error: unexpected argument 'an-image'\ncairn: hint: cairn " + GetParam() +
              " --help",
          "cairn: error: --since is required\ncairn: hint: cairn " + GetParam() + " --help"));
}

INSTANTIATE_TEST_SUITE_P(Verbs, EveryVerb, ::testing::ValuesIn(own_names()),
                         [](const auto& verb) { return verb.param; });

TEST(CommandLine, SuggestsAnOption) {
  const Answer answer = run_verb({"inspect", "app", "--jsno"});
  EXPECT_EQ(answer.exit_code, 2);
  EXPECT_EQ(answer.error,
            "cairn: error: unknown option '--jsno'\ncairn: hint: did you mean '--json'?");
}

TEST(CommandLine, RefusesAWordTooMuch) {
  const Answer answer = run_verb({"clean", "app"});
  EXPECT_EQ(answer.exit_code, 2);
  EXPECT_EQ(answer.error,
            "cairn: error: unexpected argument 'app'\ncairn: hint: cairn clean --help");
}

TEST(CommandLine, NeedsAnImage) {
  for (const std::string verb : {"build", "inspect", "test", "shell"}) {
    const Answer answer = run_verb({verb});
    EXPECT_EQ(answer.exit_code, 2);
    EXPECT_EQ(answer.error,
              "cairn: error: image is required\ncairn: hint: cairn " + verb + " --help");
  }
}

TEST(CommandLine, NeedsABuildFolder) {
  const TempDir folder("cairn-nothing-");
  const std::string path = folder.path();
  const std::string text = "cairn: error: no image stack in '" + path +
                           "'\ncairn: hint: name a configured build folder: cairn status -C "
                           "build/x86_64";
  for (const std::vector<std::string>& line : {std::vector<std::string>{"scan", path},
                                               {"build", "app", "-C", path},
                                               {"inspect", "app", "-C", path},
                                               {"test", "app", "-C", path},
                                               {"status", "-C", path},
                                               {"shell", "app", "-C", path},
                                               {"clean", "-C", path}}) {
    const Answer answer = run_verb(line);
    EXPECT_EQ(answer.exit_code, 1) << line[0];
    EXPECT_EQ(answer.error, text);
    EXPECT_EQ(answer.out, "");
  }
}

}  // namespace
}  // namespace cairn::commands
