// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "testing_fixture.hpp"

namespace cairn::stack {
namespace {

using ::testing::ElementsAre;
using Argv = std::vector<std::string>;

using CommandTest = TestingFixture;

TEST_F(CommandTest, JudgesTheExitStatus) {
  answer(3, "out", "err");
  EXPECT_EQ(verdict(), "failed: expected exit status 0, got 3");
  EXPECT_EQ(outcome.log, "out\nerr");
  test.expect_exit = 3;
  EXPECT_EQ(verdict(), "passed");
  answer(77);
  EXPECT_EQ(verdict(), "failed: expected exit status 3, got 77") << "a command has no 'skipped'";
}

TEST_F(CommandTest, JudgesWhatWasPrinted) {
  answer(0, "hello\n", "world\n");
  test.expect_stdout = "^hello\n$";
  test.expect_stderr = "wor";
  test.reject_stdout = "world";
  test.reject_stderr = "hello";
  EXPECT_EQ(verdict(), "passed");
  test.expect_stdout = "world";
  EXPECT_EQ(verdict(), "failed: stdout does not match 'world'");
  test.expect_stdout.clear();
  test.expect_stderr = "hello";
  EXPECT_EQ(verdict(), "failed: stderr does not match 'hello'");
  test.expect_stderr.clear();
  test.reject_stdout = "h.llo";
  EXPECT_EQ(verdict(), "failed: stdout matches 'h.llo', which it must not");
  test.reject_stdout.clear();
  test.reject_stderr = "world";
  EXPECT_EQ(verdict(), "failed: stderr matches 'world', which it must not");
}

TEST_F(CommandTest, FindsWarningsAtTheBeginningOfLines) {
  test.no_warnings = true;
  answer(0, "no WARNING here\n", " ERROR: nor here\n");
  EXPECT_EQ(verdict(), "passed");
  answer(0, "a\n\x1b[33mWARNING: slow\x1b[0m\n");
  EXPECT_EQ(verdict(), "failed: expected no warnings, got 'WARNING: slow'");
  answer(0, "", "ERROR 1\nWARNING 2\n");
  EXPECT_EQ(verdict(), "failed: expected no warnings, got 'ERROR 1'");
  test.no_warnings = false;
  EXPECT_EQ(verdict(), "passed");
}

TEST_F(CommandTest, EndsWithItsTimeLimit) {
  test.time_limit = 5;
  world->on_run = [](const engine::RunRequest&) -> engine::RunResult {
    return {137, true, "so far\n", "", {}};
  };
  EXPECT_EQ(verdict(), "failed: not ended within 5.0 s");
  EXPECT_EQ(outcome.log, "so far\n");
  EXPECT_EQ(world->runs.at(0).time_limit, std::chrono::seconds(5));
}

TEST_F(CommandTest, AsksForTheContainerThatWasDeclared) {
  answer(0);
  test.command = {"a", "b c"};
  test.entrypoint = Argv{"/e"};
  test.environment = {{"K", "V"}};
  test.user = "jovyan";
  test.working_dir = "/w";
  test.network = "none";
  test.tty = true;
  test.run_flags = {"--tmpfs", "/t"};
  run();
  run();
  const engine::RunRequest& request = world->runs.at(0);
  EXPECT_EQ(request.image, image.engine_id);
  EXPECT_EQ(request.command, (Argv{"a", "b c"}));
  EXPECT_EQ(*request.entrypoint, Argv{"/e"});
  EXPECT_EQ(request.environment.at("K"), "V");
  EXPECT_EQ(request.user, "jovyan");
  EXPECT_EQ(request.working_dir, "/w");
  EXPECT_EQ(request.platform, image.platform);
  EXPECT_EQ(request.network, "none");
  EXPECT_TRUE(request.tty);
  EXPECT_EQ(request.flags, (Argv{"--tmpfs", "/t"}));
  EXPECT_THAT(request.name, ::testing::MatchesRegex("cairn-test-[0-9a-f]{16}"));
  EXPECT_NE(request.name, world->runs.at(1).name);
}

TEST_F(CommandTest, IsAnErrorWhereItCannotBeCarriedOut) {
  world->on_run = [](const engine::RunRequest&) -> engine::RunResult {
    throw UserError("docker refused:\nno such user", "look at USER");
  };
  EXPECT_EQ(verdict(), "error: docker refused:");
  EXPECT_EQ(outcome.log, "cairn: error: docker refused:\nno such user\ncairn: hint: look at USER");
  answer(0);
  test.expect_stdout = "a(b";
  EXPECT_EQ(verdict(),
            "error: invalid regular expression 'a(b': missing closing parenthesis at offset 3");
}

TEST_F(CommandTest, EndsWhenCairnIsToldToStop) {
  world->on_run = [](const engine::RunRequest&) -> engine::RunResult { throw Interrupted(); };
  EXPECT_THROW(run(), Interrupted);
}

class ScriptTest : public TestingFixture {
 protected:
  ScriptTest() {
    test.kind = TestKind::script;
    answer(0);
  }
  /// What the script `name` is run by.
  Argv interpreter(const std::string& name, const std::string& content) {
    test.script = file(name, content);
    run();
    return world->runs.back().command;
  }
};

TEST_F(ScriptTest, GoesToItsInterpreterByStdin) {
  EXPECT_THAT(interpreter("a", "#!/usr/bin/env -S python3 -u -\nprint()\n"),
              ElementsAre("/usr/bin/env", "-S", "python3", "-u", "-"));
  EXPECT_EQ(world->runs.back().input, "#!/usr/bin/env -S python3 -u -\nprint()\n");
  EXPECT_THAT(interpreter("a.py", "print()\n"), ElementsAre("python3", "-"));
  EXPECT_THAT(interpreter("a.sh", "true\n"), ElementsAre("/bin/sh", "-s"));
  test.interpreter = {"Rscript", "-"};
  EXPECT_THAT(interpreter("a.py", "#!/bin/sh\n"), ElementsAre("Rscript", "-"));
}

TEST_F(ScriptTest, SaysThatNothingRunsIt) {
  test.script = file("a.R", "1\n");
  EXPECT_EQ(verdict(), "error: nothing says what runs '" + test.script + "'");
  EXPECT_EQ(outcome.log, "cairn: error: nothing says what runs '" + test.script +
                             "'\ncairn: hint: add a #! line to it, or INTERPRETER to "
                             "add_docker_test");
  EXPECT_TRUE(world->runs.empty());
  test.script = folder.path() / "absent.sh";
  EXPECT_EQ(verdict(), "error: reading '" + test.script + "': No such file or directory");
}

TEST_F(ScriptTest, SkipsWithStatus77) {
  test.script = file("a.sh", "exit 77\n");
  answer(77, "first\nneeds a GPU\n");
  EXPECT_EQ(verdict(), "skipped: needs a GPU");
  test.expect_exit = 77;
  EXPECT_EQ(verdict(), "passed");
}

}  // namespace
}  // namespace cairn::stack
