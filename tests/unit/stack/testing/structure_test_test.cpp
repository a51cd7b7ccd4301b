// SPDX-License-Identifier: BSD-3-Clause
#include "base/process.hpp"
#include "testing_fixture.hpp"

namespace cairn::stack {
namespace {

using ::testing::ElementsAre;
using Argv = std::vector<std::string>;

class FakeFiles : public engine::ImageFiles {
 public:
  std::optional<engine::FileInfo> stat(const std::string& path) override {
    if (path != "/a") return std::nullopt;
    return engine::FileInfo{"-rw-r--r--", 0, 0, true, {}};
  }
  std::optional<std::string> read_plain(const std::string& path) override {
    if (path != "/a") return std::nullopt;
    return "content\n";
  }
};

class StructureTest : public TestingFixture {
 protected:
  StructureTest() {
    test.kind = TestKind::structure;
    world->on_files = [] { return std::make_unique<FakeFiles>(); };
    info().config.env = {"HOME=/home/jovyan", "EMPTY="};
    info().config.user = "1000";
  }

  std::string verdict_of(const std::string& yaml) {
    test.file = file("s.yaml", "schemaVersion: 2.0.0\n" + yaml);
    return verdict();
  }
  /// `<name> <status>: <message>` of each result.
  Argv results() const {
    Argv lines;
    for (const TestResult& result : outcome.results) {
      lines.push_back(result.name + " " + to_string(result.status) + ": " + result.message);
    }
    return lines;
  }
  /// Containers are processes of this machine.
  void run_here() const {
    world->on_run = [](const engine::RunRequest& request) -> engine::RunResult {
      Command command;
      command.argv = *request.entrypoint;
      command.argv.insert(command.argv.end(), request.command.begin(), request.command.end());
      command.environment = request.environment;
      const ProcessResult result = run_process(command);
      if (request.tty) return {result.exit_status, false, result.out + result.err, "", {}};
      return {result.exit_status, false, result.out, result.err, {}};
    };
  }
};

TEST_F(StructureTest, CarriesOutEveryKindOfCheck) {
  run_here();
  EXPECT_EQ(verdict_of(R"(
metadataTest: {user: "1000"}
fileExistenceTests: [{name: there, path: /a, uid: 0}, {name: gone, path: /b, shouldExist: false}]
fileContentTests: [{name: content, path: /a, expectedContents: [content]}]
commandTests: [{name: echo, command: echo, args: [a, "b c"], expectedOutput: ["^a b c\n$"]}]
)"),
            "passed");
  EXPECT_THAT(results(), ElementsAre("metadata passed: ", "there passed: ", "gone passed: ",
                                     "content passed: ", "echo passed: "));
}

TEST_F(StructureTest, GathersWhatFailed) {
  run_here();
  EXPECT_EQ(verdict_of(R"(
metadataTest: {user: root, workdir: /}
fileExistenceTests: [{name: there, path: /a}]
fileContentTests: [{name: content, path: /b}]
commandTests:
  - {name: sh, command: sh, args: [-c, "echo o; echo e >&2; exit 3"], expectedOutput: [x],
     excludedOutput: [o], expectedError: [y], excludedError: [e]}
)"),
            "failed: 3 of 4 checks failed");
  EXPECT_THAT(results(),
              ElementsAre("metadata failed: workdir: expected '/', got ''\n"
                          "user: expected 'root', got '1000'",
                          "there passed: ", "content failed: '/b' does not exist",
                          "sh failed: expected exit status 0, got 3\nstdout does not match 'x'\n"
                          "stdout matches 'o', which it must not\nstderr does not match 'y'\n"
                          "stderr matches 'e', which it must not"));
  EXPECT_EQ(outcome.log,
            "metadata: workdir: expected '/', got ''\n"
            "metadata: user: expected 'root', got '1000'\n"
            "content: '/b' does not exist\n"
            "$ sh -c 'echo o; echo e >&2; exit 3'\no\ne\n"
            "sh: expected exit status 0, got 3\nsh: stdout does not match 'x'\n"
            "sh: stdout matches 'o', which it must not\nsh: stderr does not match 'y'\n"
            "sh: stderr matches 'e', which it must not\n");
}

TEST_F(StructureTest, RunsCommandsAsTheFileSays) {
  answer(0);
  test.run_flags = {"--tmpfs", "/t"};
  verdict_of(R"(
globalEnvVars: [{key: A, value: "$HOME/a:${HOME}:$NONE:$:${x"}, {key: B, value: global}]
containerRunOptions: {user: root, allocateTty: true, privileged: true}
commandTests: [{name: n, command: c, args: [d], envVars: [{key: B, value: own}]}]
)");
  const engine::RunRequest& request = world->runs.at(0);
  EXPECT_EQ(request.command, (Argv{"c", "d"}));
  EXPECT_EQ(*request.entrypoint, Argv{}) << "the image's own must not run the command";
  EXPECT_EQ(request.environment.at("A"), "/home/jovyan/a:/home/jovyan::$:${x");
  EXPECT_EQ(request.environment.at("B"), "own");
  EXPECT_EQ(request.user, "root");
  EXPECT_TRUE(request.tty);
  EXPECT_EQ(request.flags, (Argv{"--tmpfs", "/t", "--privileged"}));
}

TEST_F(StructureTest, SetsUpAndTearsDown) {
  run_here();
  const std::string place = folder.path() / "made here";
  EXPECT_EQ(verdict_of("commandTests: [{name: n, setup: [[mkdir, '" + place +
                       "'], [echo, quiet]], "
                       "teardown: [[rmdir, '" +
                       place + "']], command: ls, args: ['-d', '" + place +
                       "'], expectedOutput: ['^" + place + "\\n$']}]\n"),
            "passed");
  EXPECT_FALSE(std::filesystem::exists(place));
}

TEST_F(StructureTest, NeverTakesAFailedSetupForTheCommand) {
  run_here();
  const std::string tests =
      "commandTests: [{name: n, setup: [[sh, -c, exit 9]], command: 'false', exitCode: 1}]\n";
  EXPECT_EQ(verdict_of(tests), "failed: 1 of 1 checks failed");
  EXPECT_THAT(results(), ElementsAre("n failed: setup failed: sh -c 'exit 9' status 9"));
  EXPECT_EQ(verdict_of("containerRunOptions: {allocateTty: true}\n" + tests),
            "failed: 1 of 1 checks failed")
      << "a terminal makes one of both streams";
}

TEST_F(StructureTest, EndsWithItsTimeLimit) {
  world->on_run = [](const engine::RunRequest&) -> engine::RunResult {
    return {137, true, "", "", {}};
  };
  verdict_of("commandTests: [{name: n, command: c}]\n");
  EXPECT_THAT(results(), ElementsAre("n failed: not ended in time"));
}

TEST_F(StructureTest, SaysThatTheImageIsGone) {
  world->images.clear();
  EXPECT_EQ(verdict_of("metadataTest: {user: a}\n"),
            "error: image 'app' is no longer in the engine");
  EXPECT_EQ(outcome.log,
            "cairn: error: image 'app' is no longer in the engine\n"
            "cairn: hint: cairn build '/b c/cairn/images/app/x86_64'");
}

TEST_F(StructureTest, IsAnErrorWhereTheFileIsWrong) {
  const std::string seen = verdict_of("commandTests: [{name: n, comand: c}]\n");
  EXPECT_EQ(seen, "error: " + test.file + ":2:26: unknown key 'comand' in 'commandTests'");
}

}  // namespace
}  // namespace cairn::stack
