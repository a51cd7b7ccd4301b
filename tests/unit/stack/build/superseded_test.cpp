// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/superseded.hpp"

#include "base/file.hpp"
#include "fake_engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;
using cairn::testing::config_of;
using cairn::testing::FakeEngine;
using cairn::testing::FakeWorld;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Superseded : public ::testing::Test {
 protected:
  /// A build of content `content` whose bound name follows from it, as the engine holds it now.
  ImageRecord built(const std::string& content, const std::string& salt = "") {
    ImageRecord record;
    record.bound_name = "cairn.invalid/s/web-amd64:" + content;
    for (auto& [unused, info] : world->images)
      std::erase(info.names, record.bound_name);
    record.engine_id = world->hold(config_of({content}), {record.bound_name}, salt);
    record.endpoint = "engine A";
    record.size = 7;
    return record;
  }
  void replace(const ImageRecord& previous, const ImageRecord& current, int keep) {
    drop_superseded(engine, folder, previous, current, keep);
  }
  std::vector<std::string> listed() const {
    std::vector<std::string> ids;
    for (const SupersededImage& image : superseded_images(folder))
      ids.push_back(image.engine_id);
    return ids;
  }
  bool is_held(const ImageRecord& record) const {
    return world->images.count(record.engine_id) != 0;
  }

  TempDir temp{"cairn-superseded-test-"};
  ImageFolder folder{temp.path()};
  std::shared_ptr<FakeWorld> world = std::make_shared<FakeWorld>();
  FakeEngine engine{world};
};

TEST_F(Superseded, TheReplacedImageGoesAtOnce) {
  const ImageRecord one = built("one"), two = built("two");
  replace(one, two, 1);
  EXPECT_FALSE(is_held(one));
  EXPECT_TRUE(is_held(two));
  EXPECT_FALSE(fs::exists(folder.path / "superseded.json"));
}

TEST_F(Superseded, AsManyAsAskedForAreKeptNewestFirst) {
  const ImageRecord one = built("one"), two = built("two"), three = built("three"),
                    four = built("four");
  replace(one, two, 3);
  replace(two, three, 3);
  EXPECT_THAT(listed(), ElementsAre(two.engine_id, one.engine_id));
  replace(three, four, 3);
  EXPECT_THAT(listed(), ElementsAre(three.engine_id, two.engine_id));
  EXPECT_FALSE(is_held(one));
  EXPECT_EQ(superseded_images(folder)[0].bound_name, three.bound_name);
  EXPECT_EQ(superseded_images(folder)[0].size, 7U);
}

TEST_F(Superseded, AnImageInUseStaysListedUntilItIsFree) {
  const ImageRecord one = built("one"), two = built("two"), three = built("three");
  world->in_use.insert(one.engine_id);
  replace(one, two, 1);
  EXPECT_TRUE(is_held(one));
  EXPECT_THAT(listed(), ElementsAre(one.engine_id));
  world->in_use.clear();
  replace(two, three, 1);
  EXPECT_FALSE(is_held(one));
  EXPECT_FALSE(is_held(two));
  EXPECT_THAT(listed(), IsEmpty());
}

TEST_F(Superseded, AnImageThatSomebodyNamedStays) {
  const ImageRecord one = built("one"), two = built("two");
  engine.tag(one.engine_id, "quay.io/me/web:kept");
  replace(one, two, 1);
  EXPECT_EQ(world->id_of("quay.io/me/web:kept"), one.engine_id);
  EXPECT_EQ(world->id_of(one.bound_name), "");
  EXPECT_THAT(listed(), IsEmpty());
}

TEST_F(Superseded, ABoundNameThatAnEqualImageBearsByNowIsLeftAlone) {
  const ImageRecord one = built("one"), two = built("two");
  world->in_use.insert(one.engine_id);
  replace(one, two, 1);
  const ImageRecord equal = built("one", "rebuilt");
  ASSERT_EQ(equal.bound_name, one.bound_name);
  world->in_use.clear();
  replace(two, equal, 1);
  EXPECT_EQ(world->id_of(equal.bound_name), equal.engine_id);
  EXPECT_FALSE(is_held(one));
}

TEST_F(Superseded, ABuildThatComesBackLeavesTheList) {
  const ImageRecord one = built("one"), two = built("two");
  replace(one, two, 3);
  replace(two, one, 3);
  EXPECT_THAT(listed(), ElementsAre(two.engine_id));
  EXPECT_TRUE(is_held(one));
}

TEST_F(Superseded, AnImageOfAnotherEngineIsNotThisOnesToRemove) {
  ImageRecord one = built("one");
  const ImageRecord two = built("two");
  one.endpoint = "engine B";
  replace(one, two, 1);
  EXPECT_TRUE(is_held(one));
  EXPECT_THAT(listed(), IsEmpty());
}

TEST_F(Superseded, AnEngineThatRefusesDoesNotSpoilAGoodBuild) {
  const ImageRecord one = built("one"), two = built("two");
  world->refuses["untag"] = "no";
  replace(one, two, 1);
  EXPECT_THAT(listed(), ElementsAre(one.engine_id));
}

TEST_F(Superseded, ADamagedListIsNone) {
  for (const char* text : {"", "{", "[]", R"({"images": [{"engine_id": 1}]})",
                           R"({"images": [{"engine_id": "x", "size": "big"}]})"}) {
    write_file(folder.path / "superseded.json", text);
    EXPECT_THAT(listed(), IsEmpty()) << text;
  }
}

TEST_F(Superseded, LeftOverStagesGoAndNothingElse) {
  write_file(folder.path / ".stage-abc/context/x", "");
  write_file(folder.path / ".recipe-abc/Dockerfile", "");
  write_file(folder.path / "key", "");
  remove_left_over_stages(folder.path);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder.path))
    names.push_back(entry.path().filename());
  EXPECT_THAT(names, ElementsAre("key"));
}

}  // namespace
}  // namespace cairn::stack
