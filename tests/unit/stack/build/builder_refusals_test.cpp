// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "build_fixture.hpp"
#include "stack/model/key_file.hpp"

#include <gmock/gmock.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;
using cairn::testing::config_of;
using cairn::testing::SeenBuild;
using cairn::testing::thrown_by;

constexpr const char* kBuildAgain = "\nhint: build again: the next scan notices it";

class BuilderRefusals : public BuildFixture {
 protected:
  void SetUp() override {
    stack.add("base", "FROM scratch\nCOPY Dockerfile /\n");
    stack.add("web", "FROM quay.io/me/base\nCOPY Dockerfile /\n", {"base"});
  }
  std::string build_failure(const std::string& target) {
    return thrown_by([&] { build_only(target); });
  }
  void expect_no_record(const std::string& target) const {
    EXPECT_FALSE(fs::exists(folder(target).image_record()));
    EXPECT_FALSE(fs::exists(folder(target).identity()));
    EXPECT_FALSE(fs::exists(folder(target).config()));
  }
};

TEST_F(BuilderRefusals, AnotherEngineAnswers) {
  world().builds_to = config_of({"l1"});
  scan_stack(stack.stack_file(), stack.open);
  world().answers_as = "engine B";
  try {
    build_only("base");
    FAIL() << "it was built";
  } catch (const UnreachableError& error) {
    EXPECT_STREQ(error.what(),
                 "the docker engine that answers is 'engine B', but this build tree was configured "
                 "for 'engine A'");
    EXPECT_EQ(error.hint(),
              "start that engine again, or switch on purpose: cmake --fresh, or "
              "-DCAIRN_ENGINE=docker");
  }
  EXPECT_TRUE(world().builds.empty());
}

TEST_F(BuilderRefusals, NobodyHasScanned) {
  EXPECT_EQ(build_failure("base"),
            "'base' has not been scanned\nhint: cairn scan " + stack.stack_file().string());
}

TEST_F(BuilderRefusals, TheKeyHoldsAnError) {
  write_file(stack.source("base") / "Dockerfile", "FROM scratch\nRUM x\n");
  EXPECT_EQ(failure("base", {"l1"}), (stack.source("base") / "Dockerfile").string() +
                                         ":2:1: unknown instruction 'RUM'; did you mean 'RUN'?\n"
                                         "RUM x\n^");
}

TEST_F(BuilderRefusals, TheKeyHoldsAnErrorBecauseNoEngineAnswered) {
  world().down = true;
  scan_stack(stack.stack_file(), stack.open);
  EXPECT_THROW(build_only("base"), UnreachableError);
  world().down = false;
  EXPECT_EQ(build_failure("base"), "the fake engine does not answer\nhint: start the fake engine");
}

TEST_F(BuilderRefusals, TheKeyIsDamaged) {
  write_file(folder("base").key(), "x\n");
  EXPECT_EQ(build_failure("base"), folder("base").key().string() +
                                       ": expected the line 'cairn-key 1'\nhint: cairn scan " +
                                       stack.stack_file().string());
}

TEST_F(BuilderRefusals, TheParentIsNotBuilt) {
  EXPECT_EQ(failure("web", {"l1"}), "parent 'base' of 'web' is not built\nhint: cairn build " +
                                        stack.folder("base").string());
}

TEST_F(BuilderRefusals, TheRecordOfTheParentIsDamaged) {
  build("base", {"l1"});
  write_file(folder("base").image_record(), R"({"schema": "cairn/image-record/1"})");
  EXPECT_EQ(failure("web", {"l1"}), folder("base").image_record().string() +
                                        ": expected a string at 'stack'\nhint: cairn build " +
                                        stack.folder("base").string());
}

TEST_F(BuilderRefusals, TheParentIsGone) {
  build("base", {"l1"});
  world().images.clear();
  EXPECT_EQ(failure("web", {"l1"}),
            std::string("parent 'base' of 'web' is gone from the engine") + kBuildAgain);
}

TEST_F(BuilderRefusals, TheParentIsNotWhatItsRecordSays) {
  const std::string id = build("base", {"l1"}).record.engine_id;
  world().images[id].config = config_of({"l0"});
  EXPECT_EQ(failure("web", {"l1"}), "parent 'base' of 'web' is not the image its record says: '" +
                                        id + "'\nhint: build it anew: cairn build --force base");
}

TEST_F(BuilderRefusals, TheImageIsOfAnotherPlatform) {
  world().on_build = [this](const SeenBuild&) {
    return world().hold(config_of({"l1"}, "linux/arm64"));
  };
  EXPECT_EQ(failure("base", {}), "'base' was built for linux/arm64 instead of linux/amd64");
  expect_no_record("base");
  EXPECT_TRUE(world().images.empty()) << "nobody would find it again";
}

TEST_F(BuilderRefusals, WhatFailsIsRemovedOnlyWhenNobodyNamedIt) {
  // Somebody names it while it is built.
  world().on_build = [&](const SeenBuild&) {
    return world().hold(config_of({"l2"}, "linux/arm64"), {"quay.io/you/x:1"});
  };
  EXPECT_EQ(failure("base", {}), "'base' was built for linux/arm64 instead of linux/amd64");
  EXPECT_EQ(world().images.size(), 1U);
  // An engine that refuses does not hide what is wrong.
  world().refuses["remove"] = "no";
  world().on_build = [&](const SeenBuild&) {
    return world().hold(config_of({"l3"}, "linux/arm64"));
  };
  EXPECT_EQ(failure("base", {}), "'base' was built for linux/arm64 instead of linux/amd64");
  EXPECT_THAT(world().calls_of("untag"), ::testing::IsEmpty());
}

TEST_F(BuilderRefusals, TheImageDoesNotStandOnItsParent) {
  const ImageRecord parent = build("base", {"l1"}).record;
  EXPECT_EQ(failure("web", {"l0", "l2"}), "'web' does not stand on '" + record("base").bound_name +
                                              "': its layers do not begin with that image's");
  expect_no_record("web");
}

TEST_F(BuilderRefusals, TheEngineDoesNotHaveWhatItBuilt) {
  world().on_build = [](const SeenBuild&) { return std::string("sha256:1234"); };
  EXPECT_EQ(failure("base", {}), "the engine built 'sha256:1234', but does not have it");
  expect_no_record("base");
}

TEST_F(BuilderRefusals, AFailureEndsWithTheLastLinesAndThePlaceOfTheLog) {
  std::string all, last;
  for (int i = 1; i <= 60; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    all += line;
    if (i > 20) last += line;
  }
  world().says = all;
  world().refuses["build"] = "the builder ended with exit status 1";
  const std::string log = folder("base").build_log().string();
  EXPECT_EQ(failure("base", {"l1"}), "building 'base': the builder ended with exit status 1\n" +
                                         last + "the whole log: " + log);
  EXPECT_EQ(read_file(log), all);
  expect_no_record("base");
}

TEST_F(BuilderRefusals, AFailureLeavesThePreviousRecordReadableButNotCurrent) {
  const ImageRecord before = build("base", {"l1"}).record;
  write_file(stack.source("base") / "Dockerfile", "FROM scratch\nCOPY Dockerfile /x\n");
  world().refuses["build"] = "no";
  EXPECT_NE(failure("base", {"l2"}), "nothing");
  EXPECT_EQ(record("base").to_text(), before.to_text());
  EXPECT_EQ(world().id_of("quay.io/me/base:latest"), before.engine_id);
  EXPECT_NE(KeyFile::read_if_present(folder("base").key())->input, before.input_key);
  world().refuses.clear();
  EXPECT_EQ(build("base", {"l2"}).outcome, BuildOutcome::built);
}

TEST_F(BuilderRefusals, AnEngineThatGoesAwayIsSaidSo) {
  world().on_build = [](const SeenBuild&) -> std::string {
    throw UnreachableError("the engine went away");
  };
  try {
    build("base", {});
    FAIL() << "it was built";
  } catch (const UnreachableError& error) {
    EXPECT_STREQ(error.what(), "the engine went away");
  }
}

TEST_F(BuilderRefusals, ASecretIsNotThere) {
  stack.change("base", {{"secrets", {{"token", "/nowhere/token"}}}});
  EXPECT_EQ(failure("base", {"l1"}),
            "secret 'token' of 'base': no file '/nowhere/token'\n"
            "hint: make the file, or take the secret out of SECRETS");
  EXPECT_TRUE(world().builds.empty());
}

TEST_F(BuilderRefusals, AGeneratedFileIsNotThere) {
  stack.change("base", {{"generated", {{{"from", "/nowhere/tool"}, {"into", "bin/"}}}}});
  EXPECT_EQ(failure("base", {"l1"}),
            "'/nowhere/tool' was not made by the build, but the image needs it");
}

TEST_F(BuilderRefusals, DockerCannotBuildReproducibly) {
  stack.change("base", {{"reproducible", true}});
  EXPECT_EQ(failure("base", {"l1"}),
            "'base' is REPRODUCIBLE, but docker's builders cannot rewrite the times in layers "
            "without exporting them\nhint: build it with podman or buildah "
            "(-DCAIRN_ENGINE=buildah), or take REPRODUCIBLE away");
}

TEST_F(BuilderRefusals, AForeignPlatformIsPartOfTheTitle) {
  stack.change("base", {{"native", false}, {"platform", "linux/arm64"}});
  world().builds_to = config_of({"l1"});
  EXPECT_EQ(failure("base", {"l1"}),
            "'base (linux/arm64)' was built for linux/amd64 instead of linux/arm64");
}

}  // namespace
}  // namespace cairn::stack
