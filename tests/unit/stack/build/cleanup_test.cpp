// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/cleanup.hpp"

#include "base/error.hpp"
#include "build_fixture.hpp"
#include "stack/build/superseded.hpp"

#include <gmock/gmock.h>

namespace cairn::stack {
namespace {

using cairn::testing::config_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Cleanup : public BuildFixture {
 protected:
  void SetUp() override {
    stack.add("base", "FROM scratch\nCOPY Dockerfile /\n");
    stack.add("web", "FROM quay.io/me/base\nCOPY Dockerfile /\n", {"base"});
    build("base", {"l1"});
    build("web", {"l1", "l2"});
  }
  std::vector<std::string> clean(const CleanOptions& options = {}) {
    std::vector<std::string> cleaned;
    for (const CleanedImage& image : clean_stack(stack.stack_file(), options, stack.open).images) {
      cleaned.push_back(image.target + (image.superseded ? " superseded" : "") + " " +
                        std::to_string(image.size));
    }
    return cleaned;
  }
};

TEST_F(Cleanup, RemovesWhatTheRecordsNameChildrenFirst) {
  const std::string other = world().hold(config_of({"x"}), {"quay.io/you/x:latest"});
  EXPECT_THAT(clean(), ElementsAre("web 2000", "base 1000"));
  EXPECT_EQ(world().images.size(), 1U);
  EXPECT_EQ(world().images.count(other), 1U);
}

TEST_F(Cleanup, OnlySaysWhatWouldGo) {
  EXPECT_THAT(clean({.dry_run = true}), ElementsAre("web 2000", "base 1000"));
  EXPECT_EQ(world().images.size(), 2U);
  EXPECT_THAT(world().calls_of("untag"), IsEmpty());
}

TEST_F(Cleanup, TakesItsOwnNamesFromAnImageThatHasOthers) {
  const std::string id = record("web").engine_id;
  world().images[id].names.push_back("quay.io/me/web:mine");
  EXPECT_THAT(clean(), ElementsAre("base 1000"));
  EXPECT_THAT(world().images[id].names, ElementsAre("quay.io/me/web:mine"));
}

TEST_F(Cleanup, TakesNamesOfTestsThatWereKilled) {
  world().images[record("web").engine_id].names.push_back("test.cairn.invalid/web:cairn-test-1");
  EXPECT_THAT(clean(), ElementsAre("web 2000", "base 1000"));
  EXPECT_TRUE(world().images.empty());
}

TEST_F(Cleanup, LeavesAnImageThatAContainerUses) {
  world().in_use.insert(record("web").engine_id);
  EXPECT_THAT(clean(), ElementsAre("base 1000"));
}

TEST_F(Cleanup, RemovesSupersededImagesAlone) {
  stack.change("web", {{"keep_images", 2}});
  write_file(stack.source("web") / "Dockerfile", "FROM quay.io/me/base\nCOPY Dockerfile /more\n");
  build("web", {"l1", "l3", "l4"});
  EXPECT_THAT(clean({.superseded_only = true}), ElementsAre("web superseded 2000"));
  EXPECT_EQ(world().images.size(), 2U);
  EXPECT_THAT(clean(), ElementsAre("web 3000", "base 1000"));
}

TEST_F(Cleanup, KnowsNamesWithoutARegistryAsTheEngineListsThem) {
  for (const char* kind : {"docker", "podman"}) {
    stack.change_engine(
        {{"kind", kind}, {"builder", kind == std::string("docker") ? "legacy" : ""}});
    stack.change("web", {{"repository", "web"}});
    build("web", {"l1", "l2"});
    const ImageRecord built = record("web");
    EXPECT_EQ(built.local_name, "web:latest");
    const bool docker = kind == std::string("docker");
    world().images[built.engine_id].names = {docker ? "docker.io/library/web:latest"
                                                    : "localhost/web:latest"};
    EXPECT_THAT(clean(), ElementsAre("web 2000", "base 1000")) << kind;
    build("base", {"l1"});
  }
}

TEST_F(Cleanup, AnotherEngineAnswers) {
  world().answers_as = "engine B";
  try {
    clean();
    FAIL() << "it was cleaned";
  } catch (const UnreachableError& error) {
    EXPECT_STREQ(error.what(),
                 "the docker engine that answers is 'engine B', but this build tree was configured "
                 "for 'engine A'");
  }
  EXPECT_EQ(world().images.size(), 2U);
}

TEST_F(Cleanup, LeavesAloneWhatItKnowsNothingOf) {
  write_file(folder("web").image_record(), "damaged");
  EXPECT_THAT(clean(), ElementsAre("base 1000"));
  build("base", {"l1"});
  stack.change_engine({{"identity", "engine B"}});  // the records are of engine A
  EXPECT_THAT(clean(), IsEmpty());
  EXPECT_EQ(world().images.size(), 2U);
}

}  // namespace
}  // namespace cairn::stack
