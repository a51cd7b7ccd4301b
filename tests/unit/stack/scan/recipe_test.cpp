// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/recipe.hpp"

#include "fake_stack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using cairn::testing::thrown_by;
using ::testing::ElementsAre;
using Arguments = std::map<std::string, std::string>;

class RecipeReading : public ::testing::Test {
 protected:
  RecipeReading() {
    image.target = "web";
    image.platform = oci::Platform::parse("linux/amd64");
    image.dockerfile = file();
    image.context = folder_.path().string();
  }
  std::string file() const { return (folder_.path() / "Dockerfile").string(); }
  void add_parent(const std::string& target, const std::string& variant = "") {
    image.parents.push_back({target, "/" + target, "quay.io/me/" + target, variant});
  }
  Recipe read(const std::string& text) const {
    write_file(file(), text);
    return read_recipe(image, {{"quay.io/me/base", "", "base"},
                               {"quay.io/me/base", "cuda12", "base-cuda12"},
                               {"quay.io/me/tools", "", "tools"},
                               {"quay.io/me/web", "", "web"},
                               {"plain", "", "plain"}});
  }
  std::string refusal(const std::string& text) const {
    return thrown_by([&] { read(text); });
  }
  std::string in_file(const std::string& text) const { return file() + ":" + text; }

  BuildDescription image;

 protected:
  TempDir folder_{"cairn-recipe-test-"};
};

TEST_F(RecipeReading, TellsParentsFromExternalImages) {
  add_parent("base");
  add_parent("tools");
  const Recipe recipe = read(
      "FROM debian:12 AS one\nFROM quay.io/me/base:latest\nCOPY --from=one /a /a\n"
      "RUN --mount=from=quay.io/me/tools,target=/t ls\n");
  ASSERT_EQ(recipe.uses.size(), 3U);
  EXPECT_EQ(recipe.uses[0].external, "docker.io/library/debian:12");
  EXPECT_FALSE(recipe.uses[0].parent);
  EXPECT_EQ(recipe.uses[1].parent, 0U);
  EXPECT_EQ(recipe.uses[2].parent, 1U);
  EXPECT_EQ(recipe.final_base, 1U);
}

TEST_F(RecipeReading, AVariantIsNamedByItsTag) {
  for (const char* tag : {"cuda12", "cuda12-latest"}) {
    image.parents.clear();
    add_parent("base-cuda12", "cuda12");
    EXPECT_EQ(read(std::string("FROM quay.io/me/base:") + tag + "\n").uses.at(0).parent, 0U);
  }
}

TEST_F(RecipeReading, AStackWithoutARegistryHasMembersToo) {
  image.parents.push_back({"plain", "/plain", "plain", ""});
  EXPECT_EQ(read("FROM plain\n").uses.at(0).parent, 0U);
}

TEST_F(RecipeReading, TheFinalStageStandsOnWhatItsStagesStandOn) {
  EXPECT_EQ(read("FROM debian AS a\nFROM alpine AS b\nFROM a AS c\nFROM c\n").final_base, 0U);
  EXPECT_FALSE(read("FROM debian AS a\nFROM scratch\nCOPY --from=a /x /\n").final_base);
  image.stage = "b";
  EXPECT_EQ(read("FROM debian AS a\nFROM alpine AS b\nFROM a\n").final_base, 0U);
}

TEST_F(RecipeReading, OnlyStagesThatAreNeededCount) {
  const Recipe recipe = read("FROM debian AS unused\nFROM alpine\n");
  EXPECT_THAT(recipe.needed, ElementsAre(1));
  ASSERT_EQ(recipe.uses.size(), 1U);
  EXPECT_EQ(recipe.uses[0].external, "docker.io/library/alpine");
}

TEST_F(RecipeReading, GivesRegistryAndOwnerWhereTheRecipeHasThem) {
  image.registry = "quay.io";
  image.owner = "me";
  add_parent("base");
  const std::string upstream =
      "ARG REGISTRY=docker.io\nARG OWNER=you\nARG BASE_IMAGE=$REGISTRY/$OWNER/base\n"
      "FROM $BASE_IMAGE\n";
  const Recipe recipe = read(upstream);
  EXPECT_EQ(recipe.arguments, (Arguments{{"OWNER", "me"}, {"REGISTRY", "quay.io"}}));
  EXPECT_EQ(recipe.uses.at(0).parent, 0U);
  image.build_args = {{"OWNER", "me"}, {"REGISTRY", "quay.io"}};
  image.owner = "somebody";
  EXPECT_EQ(read(upstream).arguments.at("OWNER"), "me");  // what the user says wins
  image.build_args.clear();
  image.parents.clear();
  EXPECT_EQ(read("FROM debian\n").arguments, Arguments{});
}

TEST_F(RecipeReading, ArgumentsDecideWhichStageIsMeant) {
  image.build_args = {{"ROOT", "other"}};
  const std::string text = "ARG ROOT=local\nFROM debian AS local\nFROM $ROOT\n";
  EXPECT_EQ(read(text).uses.at(0).external, "docker.io/library/other");
  image.build_args.clear();
  EXPECT_EQ(read(text).uses.at(0).external, "docker.io/library/debian");
}

TEST_F(RecipeReading, AnArgumentThatNoStageDeclares) {
  image.build_args = {{"PYTHON_VERSON", "3.12"}};
  EXPECT_EQ(refusal("FROM debian\nARG PYTHON_VERSION\n"),
            file() +
                ": no stage that 'web' needs declares the argument 'PYTHON_VERSON'\n"
                "hint: did you mean 'PYTHON_VERSION'?");
  EXPECT_EQ(refusal("FROM debian\n"),
            file() +
                ": no stage that 'web' needs declares the argument 'PYTHON_VERSON'\nhint: "
                "write ARG PYTHON_VERSON into the stage, or take it out of BUILD_ARGS");
  EXPECT_EQ(refusal("FROM debian AS unused\nARG PYTHON_VERSON\nFROM debian\n"),
            file() +
                ": no stage that 'web' needs declares the argument 'PYTHON_VERSON'\nhint: "
                "write ARG PYTHON_VERSON into the stage, or take it out of BUILD_ARGS");
}

TEST_F(RecipeReading, SomeArgumentsNeedNoDeclaration) {
  image.build_args = {{"http_proxy", "x"},
                      {"NO_PROXY", "x"},
                      {"SOURCE_DATE_EPOCH", "1"},
                      {"BUILDKIT_INLINE_CACHE", "1"}};
  EXPECT_EQ(keyed_arguments(read("FROM debian\n")),
            (Arguments{{"BUILDKIT_INLINE_CACHE", "1"}, {"SOURCE_DATE_EPOCH", "1"}}));
  EXPECT_EQ(keyed_arguments(read("FROM debian\nARG http_proxy\n")).at("http_proxy"), "x");
}

TEST_F(RecipeReading, AMemberThatParentsDoNotName) {
  EXPECT_EQ(refusal("FROM quay.io/me/base\n"),
            in_file("1: FROM gives 'quay.io/me/base', PARENTS is not given; write PARENTS base"));
  add_parent("tools");
  EXPECT_EQ(refusal("FROM quay.io/me/tools\nCOPY --from=quay.io/me/base /a /b\n"),
            in_file("2: COPY --from gives 'quay.io/me/base', PARENTS says 'tools'; write PARENTS "
                    "base"));
  EXPECT_EQ(refusal("FROM quay.io/me/tools\nRUN --mount=from=quay.io/me/base,target=/b ls\n"),
            in_file("2: RUN --mount from gives 'quay.io/me/base', PARENTS says 'tools'; write "
                    "PARENTS base"));
}

TEST_F(RecipeReading, AParentThatNoStageNames) {
  add_parent("base");
  EXPECT_EQ(refusal("FROM debian\n"),
            file() +
                ": PARENTS says 'base', but no stage that 'web' needs names "
                "'quay.io/me/base'\nhint: write FROM quay.io/me/base, or take 'base' out of "
                "PARENTS");
}

TEST_F(RecipeReading, AParentThatIsNamedByAnotherTag) {
  add_parent("base");
  const std::string digest = "sha256:" + std::string(64, '1');
  for (const std::string& end : {std::string(":1.0"), "@" + digest}) {
    EXPECT_EQ(refusal("FROM quay.io/me/base" + end + "\n"),
              in_file("1: FROM gives 'quay.io/me/base" + end +
                      "', which is not the 'base' of this stack that PARENTS of 'web' says\n"
                      "hint: name it without a tag, or take 'base' out of PARENTS"));
  }
  image.parents.clear();
  EXPECT_EQ(read("FROM quay.io/me/base:1.0\n").uses.at(0).external, "quay.io/me/base:1.0");
}

TEST_F(RecipeReading, AnImageThatNamesItself) {
  EXPECT_EQ(refusal("FROM quay.io/me/web\n"),
            in_file("1: FROM gives 'quay.io/me/web', which is 'web' itself"));
}

TEST_F(RecipeReading, NamesThatAreNone) {
  EXPECT_EQ(refusal("FROM scratch\nCOPY --from=Debian /a /\n"),
            in_file("2: invalid image reference 'Debian': a repository is written in lower case"));
  EXPECT_EQ(refusal("ARG X\nFROM $X\n"),
            in_file("2:6: '$X' gives no image name\nFROM $X\n     ^\n"
                    "hint: give the ARG a default before the first FROM"));
}

TEST_F(RecipeReading, AStageThatIsNotThere) {
  image.stage = "relase";
  EXPECT_EQ(refusal("FROM debian AS release\n"),
            file() +
                ": there is no stage 'relase'; did you mean 'release'?\n"
                "hint: its stages are release");
}

TEST_F(RecipeReading, AFileThatIsNotThere) {
  EXPECT_EQ(thrown_by([&] { read_recipe(image, {}); }),
            "reading '" + file() + "': No such file or directory");
}

engine::Endpoint endpoint_of(const std::string& kind, const std::string& builder = "") {
  engine::Endpoint endpoint;
  endpoint.kind = kind;
  endpoint.builder = builder;
  return endpoint;
}

TEST_F(RecipeReading, EachEngineHasItsIgnoreFiles) {
  const std::string docker = image.context + "/.dockerignore";
  const std::string container = image.context + "/.containerignore";
  const std::string own = file() + ".dockerignore";
  const std::string own_container = file() + ".containerignore";
  const auto candidates = [&](const engine::Endpoint& endpoint) {
    return ignore_file_candidates(image, endpoint);
  };
  EXPECT_THAT(candidates(endpoint_of("docker", "buildkit")), ElementsAre(own, docker));
  EXPECT_THAT(candidates(endpoint_of("docker", "legacy")), ElementsAre(docker));
  EXPECT_THAT(candidates(endpoint_of("podman")),
              ElementsAre(own, own_container, container, docker));
  EXPECT_THAT(candidates(endpoint_of("buildah")),
              ElementsAre(own, own_container, container, docker));
}

TEST_F(RecipeReading, TheFirstIgnoreFileWins) {
  const engine::Endpoint podman = endpoint_of("podman");
  const auto rules = [&] {
    return read_ignore_rules(ignore_file_candidates(image, podman), podman);
  };
  EXPECT_FALSE(rules().excludes("a"));
  write_file(image.context + "/.dockerignore", "a\n");
  EXPECT_TRUE(rules().excludes("a"));
  write_file(image.context + "/.containerignore", "b\n");
  EXPECT_FALSE(rules().excludes("a"));
  EXPECT_TRUE(rules().excludes("b"));
  write_file(file() + ".containerignore", "c\n");
  EXPECT_TRUE(rules().excludes("c"));
  EXPECT_FALSE(rules().excludes("b"));
  write_file(file() + ".dockerignore", "d\n");
  EXPECT_TRUE(rules().excludes("d"));
  EXPECT_FALSE(rules().excludes("c"));
}

// The legacy builder is told of platforms by arguments, as far as they are declared.
TEST_F(RecipeReading, KnowsThePlatformOnEveryBuilder) {
  write_file(file(), "FROM scratch\nARG TARGETARCH\nCOPY a-$TARGETARCH /\n");
  const Recipe recipe = read_recipe(image, {});
  const std::string arch = image.platform.architecture;
  const auto legacy = context_arguments(image, recipe, dockerfile::Builder::legacy);
  EXPECT_EQ(legacy.at("TARGETARCH"), arch);
  EXPECT_EQ(legacy.count("TARGETOS"), 0U);
  const auto buildkit = context_arguments(image, recipe, dockerfile::Builder::buildkit);
  EXPECT_EQ(buildkit.at("TARGETARCH"), arch);
  EXPECT_EQ(buildkit.at("TARGETOS"), "linux");
}

// How docker reads an ignore file follows from the builder, for the legacy one with the version.
TEST_F(RecipeReading, EachDockerReadsIgnoreFilesItsOwnWay) {
  write_file(image.context + "/.dockerignore", "*\n!**/b\n!**/*.go\n");
  const auto keeps = [&](const char* builder, const char* version, const char* path) {
    engine::Endpoint endpoint = endpoint_of("docker", builder);
    endpoint.version = version;
    return !read_ignore_rules(ignore_file_candidates(image, endpoint), endpoint).excludes(path);
  };
  EXPECT_TRUE(keeps("buildx", "", "b/c/d"));
  EXPECT_TRUE(keeps("buildx", "28.2.2", "d/x.go"));
  EXPECT_TRUE(keeps("legacy", "", "b/c/d"));
  EXPECT_TRUE(keeps("legacy", "23.0.0", "b/c/d"));
  EXPECT_FALSE(keeps("legacy", "28.2.2", "d/x.go"));
  EXPECT_FALSE(keeps("legacy", "20.10.24+dfsg1", "b/c/d"));
  EXPECT_FALSE(keeps("buildkit", "20.10.24", "b/c/d"));
  EXPECT_TRUE(keeps("buildkit", "28.2.2", "d/x.go"));  // upgraded since it was chosen
}

}  // namespace
}  // namespace cairn::stack
