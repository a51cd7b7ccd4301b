// SPDX-License-Identifier: BSD-3-Clause
#include "stack/inspect/inspection_script.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process.hpp"
#include "fake_engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using Argv = std::vector<std::string>;
using cairn::testing::FakeEngine;
using cairn::testing::FakeWorld;

/// Runs a request on this machine, as an engine would in a container.
engine::RunResult run_here(const engine::RunRequest& request) {
  Command command;
  command.argv = *request.entrypoint;
  command.argv.insert(command.argv.end(), request.command.begin(), request.command.end());
  RunOptions options;
  options.time_limit = request.time_limit;
  const ProcessResult result = run_process(command, options);
  return {result.exit_status, result.timed_out, result.out, result.err, result.duration};
}

class InspectionScript : public ::testing::Test {
 protected:
  std::vector<CommandOutput> run(const std::vector<Argv>& commands) {
    return run_commands(engine_, request_, commands);
  }

  std::shared_ptr<FakeWorld> world_ = std::make_shared<FakeWorld>();
  FakeEngine engine_{world_};
  engine::RunRequest request_;
};

TEST_F(InspectionScript, RunsEachCommandOnceInOneContainer) {
  world_->on_run = run_here;
  const TempDir folder("cairn-script-");
  const std::string once = "echo x >> " + (folder.path() / "count").string() + "; echo done";
  const auto outputs = run({{"sh", "-c", once},
                            {"printf", "%s", "a  b'c\"$HOME\\"},
                            {"sh", "-c", "printf 'no newline'; echo bad >&2; exit 7"},
                            {"cat"},
                            {"no-such-program-here"},
                            {"printf", ""}});
  ASSERT_EQ(world_->runs.size(), 1U);
  EXPECT_EQ(*world_->runs[0].entrypoint, Argv{"/bin/sh"});
  ASSERT_EQ(outputs.size(), 6U);
  EXPECT_EQ(read_file(folder.path() / "count"), "x\n");
  EXPECT_EQ(outputs[1].out, "a  b'c\"$HOME\\");
  EXPECT_EQ(outputs[2].out, "no newline");
  EXPECT_EQ(outputs[2].err, "bad\n");
  EXPECT_EQ(outputs[2].exit_status, 7);
  EXPECT_EQ(outputs[3].exit_status, 0) << "stdin must be empty, not ours";
  EXPECT_EQ(outputs[4].exit_status, 127);
  EXPECT_EQ(outputs[5].out, "");
}

TEST_F(InspectionScript, RunsProgramsAndNoBuiltins) {
  world_->on_run = run_here;
  const auto outputs = run({{"exit", "3"}, {"true"}});
  EXPECT_EQ(outputs[0].exit_status, 127);
  EXPECT_EQ(outputs[1].exit_status, 0);
}

TEST_F(InspectionScript, RunsThemSideBySide) {
  world_->on_run = run_here;
  // Each waits for the other: one after another they would never end.
  const TempDir folder("cairn-script-");
  const auto meet = [&](const std::string& mine, const std::string& other) {
    return Argv{"sh",
                "-c",
                "mkfifo $1 2>/dev/null; echo > $1 & cat $2; wait",
                "sh",
                (folder.path() / mine).string(),
                (folder.path() / other).string()};
  };
  for (const char* name : {"a", "b"}) {
    run_checked({{"mkfifo", (folder.path() / name).string()}, {}, {}, {}});
  }
  request_.time_limit = std::chrono::seconds(20);
  const auto outputs = run({meet("a", "b"), meet("b", "a")});
  EXPECT_EQ(outputs[0].out, "\n");
  EXPECT_EQ(outputs[1].out, "\n");
}

TEST_F(InspectionScript, SharesManyCommandsAmongLanes) {
  world_->on_run = run_here;
  std::vector<Argv> commands;
  for (int i = 0; i < 50; ++i)
    commands.push_back({"printf", "%s\n", std::to_string(i)});
  const auto outputs = run(commands);
  for (std::size_t i = 0; i < 50; ++i)
    EXPECT_EQ(outputs[i].out, std::to_string(i) + "\n");
}

TEST_F(InspectionScript, LeavesNothingBehind) {
  const std::string mark = "cairn-inspect-left-behind";
  const std::string script = inspection_script({{"true"}, {"false"}}, mark, 16);
  const ProcessResult result = run_process({{"/bin/sh", "-c", script}, {}, {}, {}});
  ASSERT_TRUE(parse_inspection_output(result.out, mark, 2));
  for (const auto& entry : std::filesystem::directory_iterator("/dev/shm")) {
    EXPECT_THAT(entry.path().filename().string(), ::testing::Not(::testing::StartsWith(mark)));
  }
}

TEST_F(InspectionScript, UsesAContainerEachWhereThereIsNoShell) {
  world_->on_run = [](const engine::RunRequest& request) -> engine::RunResult {
    if (request.entrypoint->front() == "/bin/sh") throw Error("docker refused to run: no /bin/sh");
    return {0, false, request.entrypoint->front() + " " + request.command.at(0), "", {}};
  };
  const auto outputs = run({{"a", "1"}, {"b", "2"}});
  EXPECT_EQ(outputs[0].out, "a 1");
  EXPECT_EQ(outputs[1].out, "b 2");
  EXPECT_EQ(world_->runs.size(), 3U);
  EXPECT_NE(world_->runs[1].name, world_->runs[2].name);
}

TEST_F(InspectionScript, DoesNotHideAnEngineThatIsGone) {
  world_->on_run = [](const engine::RunRequest&) -> engine::RunResult {
    throw UnreachableError("docker does not answer");
  };
  EXPECT_THROW(run({{"a"}}), UnreachableError);
}

TEST_F(InspectionScript, StartsNoContainerForNothing) {
  EXPECT_TRUE(run({}).empty());
  EXPECT_TRUE(world_->runs.empty());
}

TEST_F(InspectionScript, NamesWhatDidNotEnd) {
  world_->on_run = run_here;
  request_.time_limit = std::chrono::seconds(1);
  try {
    run({{"true"}, {"sleep", "60"}});
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(), "not ended within 1.0 s:\nsleep 60");
    EXPECT_EQ(error.hint(),
              "a probe must end by itself; try the command in the image: cairn shell");
  }
}

TEST_F(InspectionScript, RefusesAnOutputThatEndsTooEarly) {
  try {
    parse_inspection_output("m begin\n\nm out 0 0\nhello", "m", 1);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "the inspection's output ends too early");
  }
}

}  // namespace
}  // namespace cairn::stack
