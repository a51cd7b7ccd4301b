// SPDX-License-Identifier: BSD-3-Clause
#include "stack/testing/test_runner.hpp"

#include "../../../support/built_image.hpp"
#include "base/error.hpp"
#include "stack/scan/scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using Lines = std::vector<std::string>;

class TestRunner : public ::testing::Test {
 protected:
  TestRunner() {
    app.describe_tests({{{"name", "good"}, {"kind", "command"}, {"command", {"true"}}},
                        {{"name", "bad"}, {"kind", "command"}, {"command", {"false"}}}});
    app.world->on_run = [](const engine::RunRequest& request) -> engine::RunResult {
      if (request.command.at(0) == "refused") throw Error("docker refused");
      return {request.command.at(0) == "true" ? 0 : 1, false, "said\n", "", {}};
    };
  }

  /// `<test> <status>` of each, `ran` behind it when it did.
  Lines run(const TestOptions& options = {}) {
    reports = run_tests(
        app.folder(), options, [this] { return app.open(); },
        [this](const TestReport& report) { told.push_back(report.record.test); });
    Lines lines;
    for (const TestReport& report : reports) {
      lines.push_back(report.record.test + " " + to_string(report.record.status) +
                      (report.ran ? " ran" : ""));
    }
    return lines;
  }
  Lines run_only(const std::string& name) { return run({{name}, false, 0}); }
  std::string error_of(const TestOptions& options = {}) {
    try {
      run(options);
    } catch (const UserError& error) {
      return std::string(error.what()) + "|" + error.hint();
    }
    return "no error";
  }
  /// One test with `more`.
  void describe(const Json& more = Json::object()) {
    Json one = {{"name", "good"}, {"kind", "command"}, {"command", {"true"}}};
    one.update(more);
    app.describe_tests({one});
  }
  /// The input of the one test.
  std::filesystem::path input(const std::string& text) {
    const std::filesystem::path helper = app.root() / "helper";
    write_file(helper, text);
    describe({{"inputs", {helper.string()}}});
    return helper;
  }
  void scan() {
    scan_stack(app.stack_file(), [this](const engine::Endpoint&) { return app.open(); });
  }

  testing::BuiltImage app;
  std::vector<TestReport> reports;
  Lines told;
};

TEST_F(TestRunner, WritesARecordOfEach) {
  EXPECT_THAT(run(), ElementsAre("good passed ran", "bad failed ran"));
  EXPECT_THAT(told, UnorderedElementsAre("good", "bad"));
  const auto bad = TestRecord::read_if_present(app.folder().test_record("bad"));
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->target, "app");
  EXPECT_EQ(bad->kind, "command");
  EXPECT_EQ(bad->status, TestStatus::failed);
  EXPECT_EQ(bad->config_digest, app.record.config_digest);
  EXPECT_EQ(bad->reason, "expected exit status 0, got 1");
  EXPECT_EQ(read_file(app.folder().test_log("bad")), "said\n");
  EXPECT_EQ(reports[1].log_path, app.folder().test_log("bad").string());
  EXPECT_EQ(reports[1].log_tail, "said");
  EXPECT_FALSE(std::filesystem::exists(app.folder().test_log("good")));
}

TEST_F(TestRunner, TrustsOnlyWhatPassed) {
  run();
  const int opened = app.opened;
  EXPECT_THAT(run_only("good"), ElementsAre("good passed"));
  EXPECT_EQ(app.opened, opened) << "nothing to run, and an engine was opened";
  EXPECT_THAT(run(), ElementsAre("good passed", "bad failed ran"));
  EXPECT_THAT(run({{}, true, 0}), ElementsAre("good passed ran", "bad failed ran"))
      << "CTest always executes";
}

TEST_F(TestRunner, RemovesTheLogOfAPass) {
  app.describe_tests({{{"name", "t"}, {"kind", "command"}, {"command", {"false"}}}});
  run();
  EXPECT_TRUE(std::filesystem::exists(app.folder().test_log("t")));
  app.describe_tests({{{"name", "t"}, {"kind", "command"}, {"command", {"true"}}}});
  run();
  EXPECT_FALSE(std::filesystem::exists(app.folder().test_log("t")));
}

TEST_F(TestRunner, FindsPassesInTheStore) {
  run();
  std::filesystem::remove_all(app.folder().path / "tests");
  EXPECT_THAT(run_only("good"), ElementsAre("good passed"));
  EXPECT_TRUE(std::filesystem::exists(app.folder().test_record("good")));
  EXPECT_THAT(run_only("bad"), ElementsAre("bad failed ran"));
}

TEST_F(TestRunner, RunsAgainWhatARecordDoesNotAnswerFor) {
  describe();
  const auto runs_again = [this] {
    return run() == Lines{"good passed ran"} && run() == Lines{"good passed"};
  };
  EXPECT_TRUE(runs_again());
  app.record.config_digest = "sha256:" + std::string(64, 'd');
  app.write_record();
  EXPECT_TRUE(runs_again()) << "another image";
  describe({{"time_limit", 10}});
  EXPECT_TRUE(runs_again()) << "another declaration";
  app.change_engine({{"run_flags", {"--cpus=1"}}});
  EXPECT_TRUE(runs_again()) << "other run options";
  const std::filesystem::path script = app.root() / "s.sh";
  write_file(script, "exit 0\n");
  app.world->on_run = [](const engine::RunRequest&) { return engine::RunResult{}; };
  describe({{"kind", "script"}, {"script", script.string()}});
  EXPECT_TRUE(runs_again()) << "a script";
  write_file(script, "exit 0 # edited\n");
  EXPECT_TRUE(runs_again()) << "an edited script";
}

TEST_F(TestRunner, FilesATestUnderTheInputsItRanWith) {
  const std::filesystem::path helper = input("a");
  EXPECT_THAT(run(), ElementsAre("good passed ran")) << "no scan has seen the inputs";
  EXPECT_THAT(run(), ElementsAre("good passed"));
  write_file(helper, "b");
  EXPECT_THAT(run(), ElementsAre("good passed ran"));
  write_file(helper, "a");
  EXPECT_THAT(run(), ElementsAre("good passed"));
}

TEST_F(TestRunner, RunsAgainWhenAnInputIsBackWithWhichItFailed) {
  const std::filesystem::path helper = input("a");
  app.world->on_run = [&](const engine::RunRequest&) -> engine::RunResult {
    return {read_file(helper) == "a" ? 1 : 0, false, "", "", {}};
  };
  scan();
  const std::string scanned = read_file(app.folder().tests_key());
  EXPECT_THAT(run(), ElementsAre("good failed ran"));
  EXPECT_EQ(read_file(app.folder().tests_key()), scanned);
  write_file(helper, "b");
  EXPECT_THAT(run(), ElementsAre("good passed ran"));
  EXPECT_NE(read_file(app.folder().tests_key()), scanned) << "Ninja would see nothing to do";
  const std::string noted = read_file(app.folder().tests_key());
  scan();
  EXPECT_EQ(read_file(app.folder().tests_key()), noted) << "what was run is not due";
  EXPECT_THAT(run(), ElementsAre("good passed"));
  write_file(helper, "a");
  scan();
  EXPECT_EQ(read_file(app.folder().tests_key()), scanned);
  EXPECT_THAT(run(), ElementsAre("good failed ran"));
  write_file(helper, "b");
  std::filesystem::remove_all(app.folder().path / "tests");
  EXPECT_THAT(run(), ElementsAre("good passed"));
  EXPECT_EQ(read_file(app.folder().tests_key()), noted) << "taken from the store without a run";
}

TEST_F(TestRunner, KeepsNoPassWhoseInputsMoved) {
  const std::filesystem::path helper = input("a");
  app.world->on_run = [&](const engine::RunRequest&) {
    write_file(helper, "b");
    return engine::RunResult{};
  };
  scan();
  const std::string scanned = read_file(app.folder().tests_key());
  EXPECT_THAT(run(), ElementsAre("good passed ran"));
  EXPECT_EQ(reports[0].moved, helper.string());
  EXPECT_EQ(reports[0].record.test_key, "");
  EXPECT_FALSE(std::filesystem::exists(app.store() / "tests"));
  EXPECT_EQ(read_file(app.folder().tests_key()),
            "cairn-tests-key 1\n" + std::string(64, '0') + " good\n");
  write_file(helper, "a");
  scan();
  EXPECT_EQ(read_file(app.folder().tests_key()), scanned) << "written again, so Ninja tests again";
  app.world->on_run = [](const engine::RunRequest&) { return engine::RunResult{}; };
  EXPECT_THAT(run(), ElementsAre("good passed ran"));
  EXPECT_EQ(reports[0].moved, "");
  EXPECT_THAT(run(), ElementsAre("good passed"));
}

TEST_F(TestRunner, KeepsNoPassOfWhatItCannotRead) {
  const std::filesystem::path helper = app.root() / "helper";
  std::filesystem::create_symlink(helper, helper);
  describe({{"inputs", {(helper / "below").string()}}});
  EXPECT_THAT(run(), ElementsAre("good passed ran"));
  EXPECT_THAT(run(), ElementsAre("good passed ran"));
  EXPECT_FALSE(std::filesystem::exists(app.store() / "tests"));
}

TEST_F(TestRunner, TakesADamagedRecordForNone) {
  describe();
  run();
  std::filesystem::remove_all(app.store());
  for (const char* text : {"", "{\"schema\": \"cairn/test-record/1\"", "[]", "{\"schema\": 1}"}) {
    write_file(app.folder().test_record("good"), text);
    EXPECT_THAT(run(), ElementsAre("good passed ran")) << text;
    std::filesystem::remove_all(app.store());
  }
}

TEST_F(TestRunner, NeverTakesASkipForAPass) {
  const std::filesystem::path script = app.root() / "s.sh";
  write_file(script, "exit 77\n");
  describe({{"kind", "script"}, {"script", script.string()}});
  app.world->on_run = [](const engine::RunRequest&) -> engine::RunResult {
    return {77, false, "no GPU\n", "", {}};
  };
  EXPECT_THAT(run(), ElementsAre("good skipped ran"));
  EXPECT_THAT(run(), ElementsAre("good skipped ran"));
}

TEST_F(TestRunner, GoesOnBesideATestThatCannotBeCarriedOut) {
  app.describe_tests({{{"name", "a"}, {"kind", "command"}, {"command", {"refused"}}},
                      {{"name", "b"}, {"kind", "command"}, {"command", {"true"}}}});
  EXPECT_THAT(run(), ElementsAre("a error ran", "b passed ran"));
  EXPECT_EQ(TestRecord::read_if_present(app.folder().test_record("a"))->reason, "docker refused");
}

TEST_F(TestRunner, EndsWithTheEngine) {
  const auto open = []() -> std::unique_ptr<engine::Engine> {
    throw UnreachableError("docker does not answer");
  };
  EXPECT_THROW(run_tests(app.folder(), {}, open, nullptr), UnreachableError);
}

TEST_F(TestRunner, WritesNoRecordOfWhatWasInterrupted) {
  app.world->on_run = [](const engine::RunRequest&) -> engine::RunResult { throw Interrupted(); };
  EXPECT_THROW(run(), Interrupted);
  EXPECT_FALSE(std::filesystem::exists(app.folder().test_record("good")));
}

TEST_F(TestRunner, NamesATestThatIsNotThere) {
  EXPECT_EQ(error_of({{"godo"}, false, 0}), "image 'app' has no test 'godo'|did you mean 'good'?");
  EXPECT_EQ(error_of({{"xyz"}, false, 0}),
            "image 'app' has no test 'xyz'|its tests are: good, bad");
  app.describe_tests({});
  EXPECT_EQ(error_of({{"xyz"}, false, 0}), "image 'app' has no test 'xyz'|it has no tests");
}

TEST_F(TestRunner, NeedsABuiltImage) {
  std::filesystem::remove(app.folder().image_record());
  EXPECT_EQ(error_of(), "image 'app' has not been built|cairn build " + app.folder().path.string());
}

TEST_F(TestRunner, RunsNoMoreAtOnceThanItMay) {
  EXPECT_EQ(test_slots(3), 3);
  EXPECT_GE(test_slots(0), 1);
  {
    const testing::ScopedVariable slots("CAIRN_TEST_SLOTS", "7");
    EXPECT_EQ(test_slots(3), 7);
  }
  for (const char* wrong : {"0", "-1", "2x", "many"}) {
    const testing::ScopedVariable slots("CAIRN_TEST_SLOTS", wrong);
    EXPECT_EQ(error_of(), "invalid CAIRN_TEST_SLOTS '" + std::string(wrong) +
                              "'|how many tests may run at once, as in CAIRN_TEST_SLOTS=4");
  }
}

}  // namespace
}  // namespace cairn::stack
