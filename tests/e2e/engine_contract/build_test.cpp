// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "contract.hpp"

#include <algorithm>
#include <cstdlib>

namespace cairn::engine {
namespace {

TEST_F(EngineContract, BuildsWithArgumentsLabelsAndTarget) {
  BuildRequest wanted = request(
      "FROM scratch AS first\nARG WORD\nCOPY probe /probe\nENV WORD=$WORD\n"
      "FROM scratch\nCOPY probe /other\n");
  wanted.target = "first";
  wanted.build_args = {{"WORD", "two words = one"}};
  wanted.labels = {{"org.example.label", "with 'quotes' and $dollar"}};
  std::string said;
  const std::string id =
      engine->build(wanted, [&](std::string_view piece) { said.append(piece); }, {});
  const oci::ImageConfig config = engine->inspect(id)->config;
  EXPECT_NE(std::find(config.env.begin(), config.env.end(), "WORD=two words = one"),
            config.env.end());
  EXPECT_EQ(config.labels, wanted.labels);
  EXPECT_FALSE(said.empty());
  engine->remove(id);
}

TEST_F(EngineContract, TakesNoDateFromTheEnvironment) {
  ::setenv("SOURCE_DATE_EPOCH", "86400", 1);
  const std::string id = build(
      "FROM scratch\nARG SOURCE_DATE_EPOCH\nCOPY probe /dated\nENV "
      "DATE=${SOURCE_DATE_EPOCH:-none}\n");
  ::unsetenv("SOURCE_DATE_EPOCH");
  const ImageInfo info = *engine->inspect(id);
  EXPECT_NE(std::find(info.config.env.begin(), info.config.env.end(), "DATE=none"),
            info.config.env.end());
  EXPECT_NE(info.created.substr(0, 4), "1970");
  engine->remove(id);
}

TEST_F(EngineContract, BuildsAgainFromItsCacheToTheSameImage) {
  const std::string recipe = "FROM scratch\nCOPY probe /cached\nLABEL again=1\n";
  const std::string id = build(recipe);
  EXPECT_EQ(build(recipe), id);
  engine->remove(id);
}

TEST_F(EngineContract, BuildsOnAParentThatOnlyThisEngineHas) {
  const std::string parent = build("FROM scratch\nCOPY probe /probe\nENV FROM_PARENT=yes\n");
  const std::string bound = reference("parent");
  engine->tag(parent, bound);
  const std::string child = build("FROM " + bound + "\nCOPY probe /child\n");
  const oci::ImageConfig config = engine->inspect(child)->config;
  EXPECT_TRUE(oci::stands_on(config, engine->inspect(parent)->config));
  EXPECT_GT(config.diff_ids.size(), engine->inspect(parent)->config.diff_ids.size());
  EXPECT_NE(std::find(config.env.begin(), config.env.end(), "FROM_PARENT=yes"), config.env.end());
  engine->remove(child);
  engine->remove(parent);
}

TEST_F(EngineContract, RefusesAParentThatItDoesNotHave) {
  const BuildRequest wanted = request("FROM " + reference("missing-parent") + "\nCOPY probe /x\n");
  const std::string error = error_of([&] { engine->build(wanted, {}, {}); });
  EXPECT_EQ(
      error.rfind(engine->endpoint().kind + " refused to build '" + wanted.dockerfile + "': ", 0),
      0U)
      << error;
  EXPECT_NE(error.find("cairn.invalid"), std::string::npos) << error;
}

TEST_F(EngineContract, SaysWhyABuildFailed) {
  const BuildRequest wanted =
      request("FROM scratch\nCOPY probe /probe\nRUN [\"/probe\", \"exit\", \"3\"]\n");
  std::string said;
  const std::string error = error_of(
      [&] { engine->build(wanted, [&](std::string_view piece) { said.append(piece); }, {}); });
  EXPECT_NE(error.find(" refused to build '" + wanted.dockerfile + "': "), std::string::npos);
  // Every builder names the exit status of the step in its last line.
  EXPECT_NE(error.find('3', error.find("': ")), std::string::npos) << error;
  EXPECT_NE(said.find("/probe"), std::string::npos) << said;
}

TEST_F(EngineContract, KeepsWhatARunStepWrote) {
  const std::string id = build(
      "FROM scratch\nCOPY probe /probe\nRUN [\"/probe\", \"write\", \"/written\"]\n"
      "ENTRYPOINT [\"/probe\"]\n");
  EXPECT_EQ(engine->run(run_request(id, {"expect", "/written", "here\n"})).exit_status, 0);
  EXPECT_EQ(engine->run(run_request(id, {"expect", "/written", "else\n"})).exit_status, 1);
  engine->remove(id);
}

TEST_F(EngineContract, SeesNothingButTheContext) {
  const BuildRequest wanted = request("FROM scratch\nCOPY Dockerfile /Dockerfile\n");
  EXPECT_NE(error_of([&] { engine->build(wanted, {}, {}); }), "");
}

TEST_F(EngineContract, BuildsForTheAskedPlatform) {
  BuildRequest wanted = request("FROM scratch\nCOPY probe /foreign\n");
  wanted.platform = oci::Platform::parse(
      engine->native_platform().architecture == "arm64" ? "linux/amd64" : "linux/arm64");
  wanted.emulated = true;
  const std::string id = engine->build(wanted, {}, {});
  EXPECT_EQ(engine->inspect(id)->config.platform, wanted.platform);
  engine->remove(id);
}

TEST_F(EngineContract, GivesSecretsToTheStepsThatMountThemOnly) {
  BuildRequest wanted = request(
      "FROM scratch\nCOPY probe /probe\n"
      "RUN --mount=type=secret,id=word,target=/run/word [\"/probe\", \"expect\", \"/run/word\", "
      "\"hush\"]\n"
      "ENTRYPOINT [\"/probe\"]\n");
  const std::string source = folder.path() / "secret";
  write_file(source, "hush");
  wanted.secrets = {{"word", source}};
  if (!engine->capabilities().secrets) {
    EXPECT_EQ(error_of([&] { engine->build(wanted, {}, {}); }),
              "docker's legacy builder has no secrets and no ssh forwarding");
    return;
  }
  const std::string id = engine->build(wanted, {}, {});
  EXPECT_EQ(engine->run(run_request(id, {"expect", "/run/word", "hush"})).exit_status, 1);
  engine->remove(id);
}

TEST_F(EngineContract, BuildsWithoutTheCacheWhenTold) {
  BuildRequest wanted =
      request("FROM scratch\nCOPY probe /probe\nRUN [\"/probe\", \"print\", \"step-that-ran\"]\n");
  engine->build(wanted, {}, {});
  wanted.no_cache = true;
  std::string said;
  engine->build(wanted, [&](std::string_view piece) { said.append(piece); }, {});
  EXPECT_NE(said.find("step-that-ran\n"), std::string::npos) << said;
}

}  // namespace
}  // namespace cairn::engine
