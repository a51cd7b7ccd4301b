// SPDX-License-Identifier: BSD-3-Clause
#include "../../support/built_image.hpp"
#include "base/process.hpp"
#include "commands/verb.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn {
namespace {

/// The program itself: what it prints where, and its exit status.
ProcessResult cairn(std::vector<std::string> words) {
  words.insert(words.begin(), CAIRN_TOOL);
  Command command;
  command.argv = words;
  return run_process(command);
}

TEST(Main, PrintsErrorsOnStandardError) {
  const ProcessResult result = cairn({"biuld"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "cairn: error: unknown verb 'biuld'\ncairn: hint: did you mean 'build'?\n");
}

TEST(Main, KnowsTheVerbsOfTheProgramBesideIt) {
  for (const commands::Verb& verb : commands::verbs()) {
    if (verb.add_options) continue;
    const ProcessResult result = cairn({verb.name, "--help"});
    EXPECT_EQ(result.exit_status, 0);
    EXPECT_THAT(result.out, ::testing::HasSubstr("\nExample:\n  cairn " + verb.name + " "));
    EXPECT_EQ(result.err, "");
  }
}

TEST(Main, PrintsAnswersOnStandardOutput) {
  const ProcessResult result = cairn({"--version"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.out, "cairn " CAIRN_VERSION "\n");
  EXPECT_EQ(result.err, "");
}

TEST(Main, PrintsErrorsThatAreNotItsOwn) {
  testing::BuiltImage app;
  // The library's exception, which no layer expects in a file that configure wrote.
  testing::BuiltImage::change(app.folder().build_description(), {{"parents", 7}});
  const ProcessResult result = cairn({"inspect", "app", "-C", app.build().string()});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, ::testing::StartsWith("cairn: error: "));
}

TEST(Main, SaysByItsStatusThatTheEngineIsGone) {
  testing::BuiltImage app;
  const std::string socket = app.root() / "no-socket";
  app.change_engine({{"url", "unix://" + socket}, {"program", "/bin/false"}});
  app.describe_inspection(Json::parse(R"({"probes": [{"name": "p", "command": ["p"]}]})"));
  const ProcessResult result = cairn({"inspect", "app", "-C", app.build().string()});
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, ::testing::HasSubstr(socket));
}

}  // namespace
}  // namespace cairn
