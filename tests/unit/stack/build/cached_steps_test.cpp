// SPDX-License-Identifier: BSD-3-Clause
#include "base/file.hpp"
#include "fake_engine.hpp"
#include "stack/build/superseded.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cairn::stack {
namespace {

// As podman and buildah are: a step is cached as long as an image ends with it.
class CachingEngine : public testing::FakeEngine {
 public:
  CachingEngine(std::shared_ptr<testing::FakeWorld> world, bool images_are_cache)
      : FakeEngine(std::move(world)) {
    capabilities_.images_are_cache = images_are_cache;
  }
  const engine::Capabilities& capabilities() const override { return capabilities_; }

 private:
  engine::Capabilities capabilities_;
};

class CachedStepsTest : public ::testing::Test {
 protected:
  // An image of steps `letters`, each of which adds a layer but those written in lower case.
  void add(const std::string& id, const std::string& letters,
           const std::vector<std::string>& names = {}) {
    engine::ImageInfo info;
    info.id = info.config_digest = id;
    info.names = names;
    for (const char letter : letters) {
      info.history.push_back(std::string("step ") + letter);
      if (letter >= 'A' && letter <= 'Z') info.config.diff_ids.push_back(std::string(1, letter));
    }
    world_->images[id] = info;
  }

  static ImageRecord record(const std::string& id) {
    ImageRecord record;
    record.engine_id = record.config_digest = id;
    record.endpoint = "fake";
    record.bound_name = "cairn.invalid/s/x:" + id;
    return record;
  }

  /// `next` replaces `previous`; whether that is still in the engine then.
  bool survives(const std::string& previous, const std::string& next, bool cache = true) {
    CachingEngine engine(world_, cache);
    drop_superseded(engine, ImageFolder{folder_.path()}, record(previous), record(next), 1);
    return world_->images.count(previous) != 0;
  }

  TempDir folder_{"cairn-cached-steps-"};
  std::shared_ptr<testing::FakeWorld> world_ = std::make_shared<testing::FakeWorld>();
};

TEST_F(CachedStepsTest, KeepsAnImageThatTheNextOneOnlyAddsStepsTo) {
  add("old", "AB", {"cairn.invalid/s/x:old"});
  add("new", "ABc");
  EXPECT_TRUE(survives("old", "new"));
  // Nor does its name go, with which podman and buildah would take it away.
  EXPECT_TRUE(world_->calls.empty()) << world_->calls.front();
  EXPECT_EQ(superseded_images(ImageFolder{folder_.path()}).size(), 1U);
}

TEST_F(CachedStepsTest, DropsItWhenABuildStandsOnItNoMore) {
  add("old", "AB", {"cairn.invalid/s/x:old"});
  add("new", "ABc");
  add("newer", "Ad");
  ASSERT_TRUE(survives("old", "new"));
  EXPECT_FALSE(survives("new", "newer"));
  EXPECT_EQ(world_->images.count("old"), 0U);
  EXPECT_TRUE(superseded_images(ImageFolder{folder_.path()}).empty());
}

TEST_F(CachedStepsTest, DropsAnImageOfOtherSteps) {
  add("new", "ABc");
  for (const char* const steps : {"ABd", "AB?", "ABcd", "X", ""}) {
    add("old", steps);
    EXPECT_FALSE(survives("old", "new")) << steps;
  }
}

TEST_F(CachedStepsTest, DropsAnImageOfTheSameStepsButOtherLayers) {
  add("old", "AB");
  add("new", "ABc");
  world_->images.at("old").config.diff_ids = {"A", "other"};
  EXPECT_FALSE(survives("old", "new"));
}

TEST_F(CachedStepsTest, DropsEveryImageWhereTheEngineHasACacheOfItsOwn) {
  add("old", "AB");
  add("new", "ABc");
  EXPECT_FALSE(survives("old", "new", false));
}

}  // namespace
}  // namespace cairn::stack
