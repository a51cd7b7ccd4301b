// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/why.hpp"

#include "base/process.hpp"
#include "family.hpp"

#include <gmock/gmock.h>

#include <regex>
#include <sys/stat.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

using WhyText = testing::FamilyTest;

TEST_F(WhyText, SaysThatNothingWasBuiltYet) {
  EXPECT_EQ(why("app"), "app was never built here\n");
}

TEST_F(WhyText, SaysThatNothingChanged) {
  build_all();
  EXPECT_EQ(why("app"), "app is fresh: built WHEN, and nothing that its key holds has changed\n");
}

TEST_F(WhyText, FollowsTheWayFromAChildToTheFile) {
  build_all();
  write_file(source("base") / "start.sh", "echo two\n");
  write_file(source("base") / "new.sh", "");
  EXPECT_EQ(why("base"),
            "base is stale\n"
            "  <- file new.sh is new\n"
            "  <- file start.sh changed\n");
  EXPECT_EQ(why("app"),
            "app is built again if its parent comes out different\n"
            "  <- base is stale\n"
            "    <- file new.sh is new\n"
            "    <- file start.sh changed\n");
}

TEST_F(WhyText, RemembersWhyAParentWasBuiltAnew) {
  build_all();
  write_file(source("base") / "start.sh", "echo two\n");
  build("base");
  EXPECT_EQ(why("base"), "base is fresh: built WHEN, and nothing that its key holds has changed\n");
  const std::string reason =
      " is stale\n"
      "  <- parent base was built anew, WHEN\n"
      "    <- file start.sh changed\n";
  EXPECT_EQ(why("app"), "app" + reason);
  EXPECT_EQ(why("tool"), "tool" + reason);
}

TEST_F(WhyText, KnowsARebuildByForce) {
  build_all();
  salt_ = "another day";
  BuildOptions force;
  force.force = true;
  build("base", force);
  EXPECT_EQ(why("app"),
            "app is stale\n"
            "  <- parent base was built anew, WHEN\n"
            "    <- by force or without the engine's cache: its key is the same\n");
}

TEST_F(WhyText, ShowsValuesOfArguments) {
  build_all();
  describe("base", {}, {{"build_args", {{"COLOR", "blue"}}}, {"is_parent", true}});
  EXPECT_EQ(why("base"),
            "base is stale\n"
            "  <- argument COLOR: red -> blue\n");
}

TEST_F(WhyText, TellsModesFromContents) {
  build_all();
  ASSERT_EQ(::chmod((source("base") / "start.sh").c_str(), 0755), 0);
  EXPECT_EQ(why("base"),
            "base is stale\n"
            "  <- file start.sh: mode only, 0644 -> 0755\n");
}

TEST_F(WhyText, NamesAnotherExternalBase) {
  build_all();
  world_->images.at(debian_).names.clear();
  hold({"newer debian"}, {"docker.io/library/debian:12"});
  EXPECT_EQ(why("base"),
            "base is stale\n"
            "  <- base docker.io/library/debian:12 is another image now: DIGEST -> DIGEST\n");
}

TEST_F(WhyText, SaysWhatIsGoneAndWhatABuildWouldFind) {
  build_all();
  const auto record = ImageRecord::read(ImageFolder{folder("app")}.image_record());
  world_->images.erase(record.engine_id);
  EXPECT_EQ(why("app"), "app is missing: the engine no longer has what was built WHEN\n");
  fs::remove(ImageFolder{folder("tool")}.image_record());
  EXPECT_EQ(why("tool"),
            "tool was never built here\n"
            "  a build finds it: the same key was built before\n");
}

TEST_F(WhyText, PassesOnWhatIsWrongWithARecipe) {
  build_all();
  recipe("base", "FROM debian:12\nARG COLOUR\n");
  const std::string problem = "base cannot be keyed: " + (source("base") / "Dockerfile").string() +
                              ": no stage that 'base' needs declares the argument 'COLOR'\n";
  EXPECT_EQ(why("base"), problem + "  hint: did you mean 'COLOUR'?\n");
  EXPECT_EQ(why("app"),
            "app cannot be built: its parent cannot be keyed\n"
            "  <- " +
                problem + "    hint: did you mean 'COLOUR'?\n");
}

TEST_F(WhyText, SaysWhenTheOldPartsWereNotKept) {
  build_all();
  fs::remove_all(root() / "store/parts");
  write_file(source("base") / "start.sh", "echo two\n");
  EXPECT_EQ(why("base"),
            "base is stale\n"
            "  <- its key changed; what the last build's key held was not kept\n");
}

TEST_F(WhyText, GoesOnToTheCommit) {
  const auto git = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"git", "-C", root().string(), "-c", "user.name=Jane Doe",
                                         "-c", "user.email=jane@example.org"});
    Command command{std::move(arguments), {}, {}, {}};
    command.environment = {{"GIT_AUTHOR_DATE", "2026-03-01T12:00:00Z"}};
    run_checked(command);
  };
  git({"init", "--quiet"});
  write_file(root() / ".gitignore", "*.tmp\n");
  git({"add", "images", ".gitignore"});
  git({"commit", "--quiet", "--message", "Begin"});
  build_all();
  write_file(source("base") / "start.sh", "echo two\n");
  git({"commit", "--quiet", "--all", "--message", "Say two"});
  write_file(source("base") / "new.sh", "");
  write_file(source("base") / "x.tmp", "");
  write_file(source("base") / "Dockerfile", read_file(source("base") / "Dockerfile") + "USER 1\n");
  const std::string text =
      std::regex_replace(why("base"), std::regex("[0-9a-f]{10} 2026"), "HASH 2026");
  EXPECT_EQ(
      text,
      "base is stale\n"
      "  <- Dockerfile: stage 0 changed\n"
      "    <- images/base/Dockerfile: not committed; before: HASH 2026-03-01 Jane Doe: Begin\n"
      "  <- file Dockerfile changed\n"
      "    <- images/base/Dockerfile: not committed; before: HASH 2026-03-01 Jane Doe: Begin\n"
      "  <- file new.sh is new\n"
      "    <- images/base/new.sh: never committed\n"
      "  <- file start.sh changed\n"
      "    <- images/base/start.sh: commit HASH 2026-03-01 Jane Doe: Say two\n"
      "  <- file x.tmp is new\n"
      "    <- images/base/x.tmp: git ignores it; if the image does not need it, add the line "
      "'x.tmp' to .dockerignore\n");
  write_file(source("base") / "Dockerfile.dockerignore", "none\n");
  EXPECT_THAT(why("base"), ::testing::HasSubstr("'x.tmp' to Dockerfile.dockerignore\n"));
}

TEST_F(WhyText, WritesJson) {
  build_all();
  describe("base", {}, {{"build_args", {{"COLOR", "blue"}}}, {"is_parent", true}});
  stack::StackView view(stack_file(), opener());
  const Json app = to_json(explain(view, outlooks(view), 1));
  EXPECT_EQ(app.at("state"), "waiting");
  EXPECT_EQ(app.at("reasons"), Json::array());
  ASSERT_EQ(app.at("parents").size(), 1U);
  const Json& base = app.at("parents")[0];
  EXPECT_EQ(base.at("state"), "stale");
  ASSERT_EQ(base.at("reasons").size(), 1U);
  Json reason = base.at("reasons")[0];
  EXPECT_EQ(reason.at("then").get<std::string>().size(), 64U);
  reason.erase("then");
  reason.erase("now");
  EXPECT_EQ(reason, (Json{{"kind", "argument"},
                          {"name", "COLOR"},
                          {"change", "changed"},
                          {"text", "argument COLOR: red -> blue"},
                          {"old_value", "red"},
                          {"new_value", "blue"},
                          {"path", (root() / "CMakeLists.txt").string()}}));
}

TEST_F(WhyText, ListsTheWholeKeyWithoutSecrets) {
  describe("base", {},
           {{"build_args", {{"COLOR", "red"}}},
            {"secrets", {{"pip", "/nowhere/pip.conf"}}},
            {"is_parent", true}});
  stack::StackView view(stack_file(), opener());
  const auto explained = explain_with_key(view, outlooks(view), 0);
  const std::string text = format_why(explained, true);
  EXPECT_NE(text.find("\n    argument COLOR = red\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n    secret pip\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n    file start.sh: file 0644 "), std::string::npos) << text;
  EXPECT_EQ(text.find("nowhere"), std::string::npos) << text;
  EXPECT_EQ(explained.input_key, view.images()[0].key.input);
}

}  // namespace
}  // namespace cairn::stack
