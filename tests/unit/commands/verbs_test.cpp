// SPDX-License-Identifier: BSD-3-Clause
#include "../../support/built_image.hpp"
#include "../../support/fake_stack.hpp"
#include "../../support/in_child.hpp"
#include "base/file.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "run_verb.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>

namespace cairn::commands {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

/// An engine whose shell is a command of this machine.
class EngineWithShell : public testing::FakeEngine {
 public:
  using FakeEngine::FakeEngine;
  Command shell_command(const std::string& image, const std::string& name) override {
    Command command;
    command.argv = {"sh", "-c", "echo \"$0 ${1%-*} $A\"; exit 5", image, name};
    command.environment["A"] = "b";
    return command;
  }
};

class VerbTest : public ::testing::Test {
 protected:
  VerbTest() {
    app.world->on_run = [](const engine::RunRequest& request) -> engine::RunResult {
      if (request.entrypoint && request.entrypoint->front() == "/bin/sh") throw Error("no shell");
      if (!request.command.empty() && request.command.front() == "false")
        return {1, false, "first\nlast\n", "", {}};
      return {request.input == "exit 77\n" ? 77 : 0, false, "app 1.2.3\n", "", {}};
    };
    context.open_engine = [this](const engine::Endpoint&) -> std::unique_ptr<engine::Engine> {
      ++app.opened;
      return std::make_unique<EngineWithShell>(app.world);
    };
  }

  /// `cairn <words> -C <build folder>`.
  Answer run(std::vector<std::string> words) {
    words.insert(words.end(), {"-C", app.build().string()});
    return run_verb(words, context);
  }
  Json json(std::vector<std::string> words) {
    words.emplace_back("--json");
    const Answer answer = run(words);
    EXPECT_EQ(answer.error, "");
    return Json::parse(answer.out);
  }
  void describe_tests() const {
    app.describe_tests(
        {{{"name", "good"}, {"kind", "command"}, {"command", {"true"}}},
         {{"name", "bad"}, {"kind", "command"}, {"command", {"false"}}},
         {{"name", "old"}, {"kind", "command"}, {"command", {"false"}}, {"report", true}}});
  }
  /// The key file says that the record is what a build would make.
  void make_fresh() {
    run_verb({"scan", app.build()}, context);
    const std::string key = read_file(app.folder().key());
    app.record.input_key = key.substr(key.find("input ") + 6, 64);
    app.write_record();
  }

  testing::BuiltImage app;
  Context context;
};

TEST_F(VerbTest, ScanIsQuietUnlessSomethingIsWorthALine) {
  const Answer first = run_verb({"scan", app.build()}, context);
  EXPECT_EQ(first.exit_code, 0);
  EXPECT_EQ(first.out, "");
  app.world->images.at(app.record.engine_id).names.clear();
  EXPECT_EQ(run_verb({"scan", app.build()}, context).out,
            "cairn: 'quay.io/me/app:latest' named another image or none: set again\n");
  app.world->images.clear();
  EXPECT_EQ(run_verb({"scan", app.stack_file()}, context).out,
            "cairn: the image of 'app/x86_64' is gone from the engine\n");
}

TEST_F(VerbTest, ScanAnswersInJson) {
  const Answer answer = run_verb({"scan", app.build(), "--json"}, context);
  EXPECT_EQ(Json::parse(answer.out), Json::parse(R"([{"schema": "cairn/scan/1", "images": 1,
    "unchanged": 0, "rewritten": ["app/x86_64"], "absent": [], "renamed": []}])"));
}

TEST_F(VerbTest, InspectSaysWhatItDid) {
  app.describe_inspection(
      Json::parse(R"({"probes": [{"name": "app", "command": ["app", "--version"]}]})"));
  const Answer first = run({"inspect", "app"});
  EXPECT_EQ(first.exit_code, 0);
  EXPECT_THAT(first.out, MatchesRegex("app: inspected by 1 command in [0-9.]+ s, 1 tag\n"));
  EXPECT_EQ(run({"inspect", "app"}).out, "") << "known";
  const Json records = json({"inspect", "app/x86_64"});
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0], Json::parse(read_file(app.folder().inspection())));
  EXPECT_EQ(records[0]["tags"], Json::array({"app-1.2.3"}));
}

TEST_F(VerbTest, InspectAlsoTakesAnImageFolder) {
  app.describe_inspection(Json::object());
  EXPECT_EQ(run_verb({"inspect", app.folder().path}, context).exit_code, 0);
  EXPECT_EQ(read_file(app.folder().tags()), "quay.io/me/app:x86_64-latest\n");
}

TEST_F(VerbTest, KnowItsImages) {
  const std::string in = "' in '" + app.build().string() + "'\ncairn: hint: ";
  for (const std::string verb : {"build", "inspect", "test", "shell"}) {
    const Answer slip = run({verb, "apq"});
    EXPECT_EQ(slip.exit_code, 1);
    EXPECT_EQ(slip.error, "cairn: error: no image 'apq" + in + "did you mean 'app'?");
    EXPECT_EQ(run({verb, "something"}).error, "cairn: error: no image 'something" + in +
                                                  "its images are listed by: cairn status -C " +
                                                  app.build().string());
  }
}

TEST_F(VerbTest, NeedABuiltImage) {
  std::filesystem::remove(app.folder().image_record());
  const std::string text =
      "cairn: error: image 'app' has not been built\ncairn: hint: cairn build " +
      app.folder().path.string();
  EXPECT_EQ(run({"inspect", "app"}).error, text);
  EXPECT_EQ(run({"test", "app"}).error, text);
  EXPECT_EQ(
      run({"shell", "app"}).error,
      "cairn: error: 'app' is not built\ncairn: hint: cairn build app -C " + app.build().string());
}

TEST_F(VerbTest, AShellIsOpenedInOneImage) {
  const std::string arm = (app.folder().path.parent_path() / "aarch64").string();
  app.change(app.stack_file(), {{"images", {app.folder().path.string(), arm}}});
  EXPECT_EQ(run({"shell", "app"}).error,
            "cairn: error: 'app' is built for several platforms\ncairn: hint: name one: "
            "app/x86_64, app/aarch64");
}

TEST_F(VerbTest, TestShowsWhatFailed) {
  describe_tests();
  const Answer answer = run({"test", "app"});
  EXPECT_EQ(answer.exit_code, 1);
  EXPECT_EQ(answer.error,
            "cairn: error: 1 of 3 tests of 'app' failed: bad\ncairn: hint: cairn test app --only "
            "<name> -C " +
                app.build().string());
  EXPECT_THAT(answer.out, HasSubstr("passed  app: good (0.0 s)\n"));
  EXPECT_THAT(answer.out, HasSubstr("failed  app: bad (0.0 s): expected exit status 0, got 1\n"
                                    "  | first\n  | last\n  log: " +
                                    app.folder().test_log("bad").string() + "\n"));
}

TEST_F(VerbTest, TestNeverFailsByAReport) {
  describe_tests();
  for (const std::string option : {"--all", "--ctest"}) {
    const Answer answer = run({"test", "app", "--only", "old", option});
    EXPECT_EQ(answer.exit_code, 0);
    EXPECT_EQ(answer.error, "");
    EXPECT_EQ(answer.out, "failed  app: old (0.0 s): expected exit status 0, got 1\n");
  }
}

TEST_F(VerbTest, TestTrustsRecordsAndCTestDoesNot) {
  describe_tests();
  const std::vector<std::string> good{"test", "app", "--only", "good"};
  const auto with = [&good](const std::string& option) {
    std::vector<std::string> words = good;
    words.push_back(option);
    return words;
  };
  EXPECT_EQ(run(good).out, "passed  app: good (0.0 s)\n");
  EXPECT_EQ(run(good).out, "");
  EXPECT_EQ(run(with("--ctest")).out, "passed  app: good (0.0 s)\n");
  EXPECT_EQ(run(with("--all")).out, "passed  app: good (0.0 s)\n");
}

TEST_F(VerbTest, TestSaysByItsStatusThatItWasSkipped) {
  write_file(app.root() / "s.sh", "exit 77\n");
  app.describe_tests({{{"name", "s"}, {"kind", "script"}, {"script", app.root() / "s.sh"}}});
  const Answer answer = run({"test", "app", "--ctest"});
  EXPECT_EQ(answer.exit_code, 77);
  EXPECT_EQ(answer.out, "skipped app: s (0.0 s): app 1.2.3\n");
  EXPECT_EQ(run({"test", "app"}).exit_code, 0);
}

TEST_F(VerbTest, TestAnswersInJsonAlsoWhenItFails) {
  describe_tests();
  const Answer answer = run({"test", "app", "--json"});
  EXPECT_EQ(answer.exit_code, 1);
  const Json records = Json::parse(answer.out);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[1], Json::parse(read_file(app.folder().test_record("bad"))));
  EXPECT_EQ(records[1]["status"], "failed");
}

TEST_F(VerbTest, StatusShowsATable) {
  make_fresh();
  app.describe_inspection(
      Json::parse(R"({"probes": [{"name": "app", "command": ["app", "--version"],
                                  "tags": ["{major}", "{minor}", "{patch}", "v-{version}"]}]})"));
  describe_tests();
  run({"inspect", "app"});
  run({"test", "app"});
  EXPECT_EQ(run({"status"}).out,
            "IMAGE  PLATFORM     STATE  SIZE    TESTS                 TAGS\n"
            "app    linux/amd64  fresh  655 MB  1/3 passed, 1 failed  1 2 3 +1\n");
  const Json images = json({"status"})[0]["images"];
  EXPECT_EQ(images[0]["state"], "fresh");
  EXPECT_EQ(images[0]["failed"], 1) << "a report is no failure";
  EXPECT_EQ(images[0]["tags"].size(), 4U);
}

TEST_F(VerbTest, StatusCountsATestUntilItsTextChanges) {
  make_fresh();
  describe_tests();
  run({"test", "app"});
  ASSERT_EQ(json({"status"})[0]["images"][0]["passed"], 1);
  app.describe_tests({{{"name", "good"}, {"kind", "command"}, {"command", {"true", "again"}}},
                      {{"name", "bad"}, {"kind", "command"}, {"command", {"false", "again"}}}});
  const Json image = json({"status"})[0]["images"][0];
  EXPECT_EQ(image["passed"], 0) << "it passed with another text";
  EXPECT_EQ(image["failed"], 0) << "it failed with another text";
}

TEST_F(VerbTest, StatusTellsTheStates) {
  const auto state = [this] { return json({"status"})[0]["images"][0]["state"]; };
  EXPECT_EQ(state(), "stale");
  make_fresh();
  EXPECT_EQ(state(), "fresh");
  app.world->images.clear();
  EXPECT_EQ(state(), "missing");
  write_file(app.context() / "Dockerfile", "FORM scratch\n");
  EXPECT_EQ(state(), "broken");
  std::filesystem::remove(app.folder().image_record());
  EXPECT_THAT(run({"status"}).out,
              HasSubstr("app    linux/amd64  broken  -     -      -\napp: " +
                        app.context().string() + "/Dockerfile:1:1: unknown instruction 'FORM'"));
}

TEST_F(VerbTest, StatusReadsPastADamagedInspection) {
  make_fresh();
  write_file(app.folder().inspection(), "{");
  const Answer answer = run({"status"});
  EXPECT_EQ(answer.error, "");
  EXPECT_THAT(answer.out, HasSubstr("  fresh  655 MB  -      -\n"));
}

TEST_F(VerbTest, CleanSaysWhatGoes) {
  EXPECT_EQ(run({"clean", "--dry-run"}).out,
            "would remove image sha256:111111111111 of 'app', 655 MB\n");
  const Json would = json({"clean", "--dry-run"});
  ASSERT_EQ(would.size(), 1U);
  EXPECT_EQ(would[0]["target"], "app");
  EXPECT_EQ(would[0]["size"], 655'000'000) << "in bytes";
  EXPECT_EQ(would[0]["superseded"], false);
  EXPECT_EQ(app.world->images.size(), 1U);
  const Answer answer = run({"clean"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.out, "removed image sha256:111111111111 of 'app', 655 MB\n");
  EXPECT_TRUE(app.world->images.empty());
  EXPECT_EQ(run({"clean"}).out, "");
}

TEST_F(VerbTest, WhatIsNotDeclaredAnyMoreIsSaidAndCleaned) {
  make_fresh();
  const std::string declared = run({"status"}).out;
  app.change(app.stack_file(), {{"images", Json::array()}});
  const std::string folder = app.folder().path;
  EXPECT_EQ(run({"status"}).out,
            "IMAGE  PLATFORM  STATE  SIZE  TESTS  TAGS\n"
            "not declared any more, but with records here: app/x86_64; 655 MB in the engine: "
            "cairn clean --undeclared -C " +
                app.build().string() + "\n");
  EXPECT_EQ(
      json({"status"})[0]["undeclared"],
      Json({{{"name", "app/x86_64"}, {"folder", folder}, {"size", 655'000'000}, {"problem", ""}}}));
  EXPECT_EQ(run({"clean", "--undeclared", "--dry-run"}).out,
            "would remove image sha256:111111111111 of 'app', 655 MB\n"
            "would remove the records of 'app/x86_64'\n");
  app.world->in_use.insert(app.record.engine_id);
  EXPECT_EQ(run({"clean", "--undeclared"}).out,
            "kept the image and the records of 'app/x86_64': a container or another image uses "
            "it\n");
  app.world->in_use.clear();
  const Json went = json({"clean", "--undeclared"});
  ASSERT_EQ(went.size(), 2U);
  EXPECT_EQ(went[0]["target"], "app");
  EXPECT_EQ(went[1], Json({{"name", "app/x86_64"}, {"folder", folder}, {"kept", ""}}));
  EXPECT_EQ(run({"status"}).out, "IMAGE  PLATFORM  STATE  SIZE  TESTS  TAGS\n");
}

TEST_F(VerbTest, WhatIsNotDeclaredAnyMoreMayBeOfUnknownSize) {
  make_fresh();
  app.change(app.stack_file(), {{"images", Json::array()}});
  const std::string gone = "not declared any more, but with records here: ";
  app.world->down = true;
  EXPECT_THAT(run({"status"}).out, EndsWith("\n" + gone +
                                            "app/x86_64; of unknown size\n"
                                            "app/x86_64: the fake engine does not answer\n"));
  const Json status = json({"status"})[0]["undeclared"][0];
  EXPECT_EQ(status["size"], nullptr);
  EXPECT_EQ(status["problem"], "the fake engine does not answer");
  EXPECT_EQ(run({"clean", "--undeclared"}).out,
            "kept the image and the records of 'app/x86_64': the fake engine does not answer\n");
  EXPECT_EQ(run({"clean"}).out,
            "kept the image and the records of 'app/x86_64': the fake engine does not answer\n");
  // Beside one that can be told of.
  app.world->down = false;
  const auto damaged = app.folder().path.parent_path().parent_path() / "web/x86_64/image.json";
  write_file(damaged, R"({"schema": "x"})");
  EXPECT_THAT(
      run({"status"}).out,
      HasSubstr(gone +
                "app/x86_64 web/x86_64; 655 MB in the engine, 1 of unknown size: cairn clean "
                "--undeclared -C " +
                app.build().string() +
                "\nweb/x86_64: its record cannot be read: " + damaged.string() + ":"));
}

TEST_F(VerbTest, CleanTakesOneChoiceAtATime) {
  const Answer answer = run({"clean", "--undeclared", "--superseded"});
  EXPECT_EQ(answer.exit_code, 2);
  EXPECT_EQ(answer.error,
            "cairn: error: --superseded excludes --undeclared\ncairn: hint: cairn clean --help");
}

TEST_F(VerbTest, BuildSaysWhatItFound) {
  app.world->on_build = [this](const auto&) {
    engine::ImageInfo& info = app.world->images["sha256:" + std::string(64, 'b')];
    info.id = info.config_digest = "sha256:" + std::string(64, 'b');
    info.config.platform = oci::Platform::parse("linux/amd64");
    info.config.diff_ids = {"sha256:" + std::string(64, '7')};
    return info.id;
  };
  const Json built = json({"build", "app"});
  ASSERT_EQ(built.size(), 1U);
  EXPECT_EQ(built[0]["outcome"], "built");
  EXPECT_EQ(built[0]["schema"], "cairn/image-record/1");
  EXPECT_EQ(built[0]["config_digest"], "sha256:" + std::string(64, 'b'));
  EXPECT_EQ(json({"build", "app"})[0]["outcome"], "reused");
  EXPECT_EQ(run({"build", "app"}).out, "'app' is up to date: quay.io/me/app:latest\n");
  EXPECT_EQ(run_verb({"build", app.folder().path}, context).out, "") << "as the graph calls it";
}

TEST(BuildVerb, BuildsFirstWhatAnImageStandsOn) {
  testing::FakeStack stack;
  stack.add("base", "FROM scratch\nCOPY file /\n");
  stack.add("app", "FROM quay.io/me/base\nLABEL a=b\n", {"base"});
  write_file(stack.source("base") / "file", "1");
  const Context context{stack.open};
  std::vector<std::string> built;
  std::vector<std::string> layers;
  stack.world->on_build = [&](const testing::SeenBuild& seen) {
    built.push_back(seen.recipe.find("COPY") == std::string::npos ? "app" : "base");
    if (built.back() == "base") layers.clear();
    layers.push_back(std::to_string(built.size()));
    return stack.world->hold(testing::config_of(layers));
  };
  const std::string build = stack.stack_file().parent_path().parent_path();
  run_verb({"build", "app", "-C", build}, context);
  EXPECT_EQ(built, (std::vector<std::string>{"base", "app"}));
  write_file(stack.source("base") / "file", "2");
  run_verb({"build", "app", "--force", "-C", build}, context);
  EXPECT_EQ(built, (std::vector<std::string>{"base", "app", "base", "app"}));
  layers.resize(1);
  run_verb({"build", "app", "--force", "-C", build}, context);
  EXPECT_EQ(built.size(), 5U) << "forced is what was named alone";
}

TEST_F(VerbTest, ShellBecomesTheEnginesOwn) {
  const std::string out = app.root() / "out";
  testing::ChildProcess child([&] {
    const int fd = ::open(out.c_str(), O_WRONLY | O_CREAT, 0600);
    ::dup2(fd, 1);
    std::vector<std::string> words{"cairn", "shell", "app", "-C", app.build()};
    std::vector<char*> argv;
    for (std::string& word : words)
      argv.push_back(word.data());
    run_command_line(static_cast<int>(argv.size()), argv.data(), context);
  });
  const int status = child.wait();
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 5);
  EXPECT_EQ(read_file(out), app.record.engine_id + " cairn-shell b\n");
}

}  // namespace
}  // namespace cairn::commands
