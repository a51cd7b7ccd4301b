// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/undeclared.hpp"

#include "base/error.hpp"
#include "build_fixture.hpp"
#include "stack/build/cleanup.hpp"
#include "stack/model/record_store.hpp"

#include <gmock/gmock.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;
using cairn::testing::config_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class Undeclared : public BuildFixture {
 protected:
  void SetUp() override {
    stack.add("base", "FROM scratch\nCOPY Dockerfile /\n");
    stack.add("web", "FROM quay.io/me/base\nCOPY Dockerfile /\n", {"base"});
    stack.add("other", "FROM scratch\nCOPY Dockerfile /other\n");
    build("base", {"l1"});
    build("web", {"l1", "l2"});
    build("other", {"l3"});
  }
  std::vector<std::string> found() const { return found_by(stack.stack_file()); }
  static std::vector<std::string> found_by(const fs::path& stack_file) {
    std::vector<std::string> names;
    for (const UndeclaredImage& image : tree_images(stack_file).undeclared)
      names.push_back(image.name());
    return names;
  }
  /// One line for each image and then each folder, as the verb prints them.
  std::vector<std::string> clean(const CleanOptions& options = {.undeclared_only = true}) const {
    const Cleaned cleaned = clean_stack(stack.stack_file(), options, stack.open);
    std::vector<std::string> lines;
    for (const CleanedImage& image : cleaned.images)
      lines.push_back(image.target + (image.superseded ? " superseded" : ""));
    for (const CleanedFolder& one : cleaned.folders)
      lines.push_back(one.name + ": " + (one.kept.empty() ? "gone" : one.kept));
    return lines;
  }
  bool is_there(const std::string& target) const { return fs::exists(stack.folder(target)); }
  fs::path tree() const { return stack.root() / "build/cairn"; }
  Json stack_json() const { return read_json(stack.stack_file()); }
};

TEST_F(Undeclared, NothingIsWhileAllIsDeclared) {
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(clean(), IsEmpty());
  EXPECT_EQ(world().images.size(), 3U);
}

TEST_F(Undeclared, ImagesAndRecordsGoChildrenFirst) {
  stack.take_out("web");
  stack.take_out("base");
  EXPECT_THAT(found(), ElementsAre("web/x86_64", "base/x86_64"));
  EXPECT_THAT(clean(), ElementsAre("web", "base", "web/x86_64: gone", "base/x86_64: gone"));
  EXPECT_EQ(world().images.size(), 1U);
  EXPECT_FALSE(fs::exists(tree() / "images/web"));
  EXPECT_TRUE(is_there("other"));
  EXPECT_THAT(clean(), IsEmpty());
}

TEST_F(Undeclared, ADryRunRemovesNothing) {
  stack.take_out("web");
  stack.take_out("base");
  EXPECT_THAT(clean({.undeclared_only = true, .dry_run = true}),
              ElementsAre("web", "base", "web/x86_64: gone", "base/x86_64: gone"));
  EXPECT_TRUE(is_there("web"));
  EXPECT_EQ(world().images.size(), 3U);
  EXPECT_THAT(world().calls_of("untag"), IsEmpty());
}

TEST_F(Undeclared, WithoutTheOptionImagesGoAndRecordsStay) {
  stack.take_out("base");  // which 'web' stands on: it can go only after that
  EXPECT_THAT(clean({}), ElementsAre("other", "web", "base"));
  EXPECT_TRUE(world().images.empty());
  EXPECT_TRUE(is_there("base"));
}

TEST_F(Undeclared, SupersededOnesGoAsWell) {
  stack.change("other", {{"keep_images", 2}});
  write_file(stack.source("other") / "Dockerfile", "FROM scratch\nCOPY Dockerfile /more\n");
  build("other", {"l4", "l5"});
  stack.take_out("other");
  EXPECT_THAT(clean({.superseded_only = true}), ElementsAre("other superseded"));
  EXPECT_THAT(clean(), ElementsAre("other", "other/x86_64: gone"));
}

TEST_F(Undeclared, WhatAnotherImageStandsOnStays) {
  stack.take_out("base");
  EXPECT_THAT(clean(), ElementsAre("base/x86_64: 'web' stands on it"));
  EXPECT_TRUE(is_there("base"));
  EXPECT_EQ(world().images.size(), 3U);
}

TEST_F(Undeclared, WhatAnImageOfAnotherTreeStandsOnStays) {
  ImageRecord theirs = record("web");
  theirs.stack = "theirs";
  theirs.build_key = std::string(64, 'b');
  RecordStore(stack.store(), theirs.endpoint).file(theirs);
  stack.take_out("web");
  stack.take_out("base");
  // The same name is no proof that the image is ours alone.
  EXPECT_THAT(clean(), ElementsAre("web/x86_64: gone", "base/x86_64: 'web' stands on it"));
  EXPECT_EQ(world().images.size(), 3U);
  world().images.erase(theirs.engine_id);
  EXPECT_THAT(clean(), ElementsAre("base", "base/x86_64: gone"));
}

TEST_F(Undeclared, TheSameImageOfADeclaredOneStaysWithItsName) {
  // Renamed, with NAME as it was: what was built for the one is what the other has.
  stack.add("renamed", "FROM scratch\nCOPY Dockerfile /other\n", {},
            {{"repository", "quay.io/me/other"}, {"image", "other"}});
  stack.take_out("other");
  build("renamed", {"l3"});
  const std::string id = record("renamed").engine_id;
  ASSERT_EQ(id, record("other").engine_id);
  EXPECT_THAT(clean(), ElementsAre("other/x86_64: gone"));
  EXPECT_THAT(world().images.at(id).names, ElementsAre("quay.io/me/other:latest"));
}

TEST_F(Undeclared, AnImageWithNamesOfOthersLosesOurs) {
  stack.take_out("other");
  const std::string id = record("other").engine_id;
  world().images[id].names.emplace_back("quay.io/you/x:1");
  EXPECT_THAT(clean(), ElementsAre("other/x86_64: gone"));
  EXPECT_THAT(world().images.at(id).names, ElementsAre("quay.io/you/x:1"));
}

TEST_F(Undeclared, WhatAContainerUsesIsNotForgotten) {
  stack.take_out("other");
  world().in_use.insert(record("other").engine_id);
  EXPECT_THAT(clean(), ElementsAre("other/x86_64: a container or another image uses it"));
  EXPECT_TRUE(is_there("other"));
}

TEST_F(Undeclared, WhatIsInAnotherEngineIsNotForgotten) {
  stack.take_out("other");
  stack.change_engine({{"identity", "engine B"}});
  world().answers_as = "engine B";
  EXPECT_THAT(clean(), ElementsAre("other/x86_64: this build folder does not use the engine they "
                                   "are of"));
  EXPECT_TRUE(is_there("other"));
  // A platform that had a machine of its own: its engine.json is still there.
  Json engine = read_json(tree() / "engine.json");
  engine["identity"] = "engine A";
  write_file(tree() / "engine-x86_64.json", pretty_json(engine));
  world().answers_as = "engine A";
  EXPECT_THAT(clean(), ElementsAre("other", "other/x86_64: gone"));
}

TEST_F(Undeclared, AFolderThatWasNeverBuiltGoes) {
  stack.add("never", "FROM scratch\n");
  stack.take_out("never");
  fs::create_directories(tree() / "images/not-ours/x86_64");
  EXPECT_THAT(clean(), ElementsAre("never/x86_64: gone"));
  EXPECT_TRUE(fs::exists(tree() / "images/not-ours/x86_64"));
}

TEST_F(Undeclared, WhatOtherTreesBuildIsDeclared) {
  stack.take_out("other");
  Json file = stack_json();
  file["elsewhere"] = {stack.folder("other").string()};
  write_file(stack.stack_file(), pretty_json(file));
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(Undeclared, AStackTellsOfItsOwnAndTheFirstOfThoseOfNone) {
  Json second = stack_json();
  second["stack"] = "second";
  second["images"] = {stack.folder("base").string()};
  write_file(tree() / "second.stack.json", pretty_json(second));
  stack.take_out("base");
  EXPECT_THAT(found(), IsEmpty()) << "the second stack has it";
  stack.change("other", {{"stack", "second"}});
  stack.take_out("other");
  EXPECT_THAT(found(), IsEmpty()) << "the second stack tells of it";
  EXPECT_THAT(found_by(tree() / "second.stack.json"), ElementsAre("other/x86_64"));
  stack.change("other", {{"stack", "renamed"}});
  EXPECT_THAT(found(), ElementsAre("other/x86_64"));
  EXPECT_THAT(found_by(tree() / "second.stack.json"), IsEmpty());
}

TEST_F(Undeclared, ConfigurationsAreApart) {
  // Ninja Multi-Config: the engine's file stands above what a configuration has.
  for (const char* config : {"Debug", "Release"}) {
    Json file = stack_json();
    file["images"] = {(tree() / config / "images/base/x86_64").string()};
    write_file(tree() / config / "family.stack.json", pretty_json(file));
    for (const char* target : {"base", "other"}) {
      fs::create_directories(tree() / config / "images" / target);
      fs::copy(stack.folder(target), tree() / config / "images" / target / "x86_64");
    }
  }
  fs::remove(stack.stack_file());
  fs::remove_all(tree() / "images");
  const fs::path release = tree() / "Release/family.stack.json";
  ASSERT_THAT(found_by(release), ElementsAre("other/x86_64"));
  EXPECT_EQ(tree_images(release).undeclared.front().folder.path,
            fs::canonical(tree() / "Release/images/other/x86_64"));
  // A configuration that is gone: the first one tells of it.
  fs::remove(release);
  EXPECT_THAT(found_by(tree() / "Debug/family.stack.json"),
              ElementsAre("other/x86_64", "base/x86_64", "other/x86_64"));
}

TEST_F(Undeclared, ACopiedTreeTellsOfNone) {
  stack.take_out("other");
  const fs::path copy = stack.root() / "copy";
  fs::copy(stack.root() / "build", copy, fs::copy_options::recursive);
  EXPECT_THAT(found_by(copy / "cairn/family.stack.json"), IsEmpty());
  ASSERT_THAT(found(), ElementsAre("other/x86_64"));
}

TEST_F(Undeclared, WhatARecordThatCannotBeReadIsOfIsNotForgotten) {
  stack.take_out("web");
  stack.take_out("base");
  const std::string path = folder("web").image_record();
  write_file(folder("web").build_description(), "{");
  write_file(path, R"({"schema": "cairn/image-record/2"})");
  const auto kept = "web/x86_64: its record cannot be read: " + path + ":";
  EXPECT_THAT(clean(), ElementsAre("base/x86_64: 'web' stands on it", StartsWith(kept)));
  EXPECT_TRUE(is_there("web"));
  EXPECT_EQ(world().images.size(), 3U);
  EXPECT_EQ(world().id_of("quay.io/me/web:latest").empty(), false);
}

TEST_F(Undeclared, ImagesMayBeElsewhereByALink) {
  const fs::path big = stack.root() / "big";
  fs::rename(tree() / "images", big);
  fs::create_directory_symlink(big, tree() / "images");
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(clean(), IsEmpty());
  stack.take_out("other");
  EXPECT_THAT(clean(), ElementsAre("other", "other/x86_64: gone"));
  EXPECT_FALSE(fs::exists(big / "other"));
  EXPECT_TRUE(is_there("base"));
}

TEST_F(Undeclared, WhatADeclaredFolderIsALinkToIsDeclared) {
  fs::rename(tree() / "images/other", tree() / "images/moved");
  fs::create_directory_symlink("moved", tree() / "images/other");
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(clean(), IsEmpty());
  EXPECT_TRUE(is_there("other"));
}

TEST_F(Undeclared, WhatAnotherBranchHasUnderItsOwnImageOfThatTargetStays) {
  ImageRecord theirs = record("web");
  theirs.build_key = std::string(64, 'b');
  theirs.engine_id = world().hold(config_of({"l1", "l9"}), {"quay.io/me/web:latest"});
  RecordStore(stack.store(), theirs.endpoint).file(theirs);
  stack.take_out("web");
  stack.take_out("base");
  EXPECT_THAT(clean(), ElementsAre("web", "web/x86_64: gone", "base/x86_64: 'web' stands on it"));
  EXPECT_EQ(world().images.count(theirs.engine_id), 1U);
  EXPECT_TRUE(is_there("base"));
}

TEST_F(Undeclared, AFormerRecipeOfTheSameContentIsNoOtherTree) {
  ImageRecord former = record("web");
  former.build_key = std::string(64, 'b');
  RecordStore(stack.store(), former.endpoint).file(former);
  stack.take_out("web");
  EXPECT_THAT(clean(), ElementsAre("web", "web/x86_64: gone"));
}

TEST_F(Undeclared, WhatAnUndeclaredOneThatStaysStandsOnStays) {
  stack.take_out("web");
  stack.take_out("base");
  world().in_use.insert(record("web").engine_id);
  EXPECT_THAT(clean(), ElementsAre("web/x86_64: a container or another image uses it",
                                   "base/x86_64: 'web' stands on it"));
  EXPECT_EQ(world().images.size(), 3U);
  world().in_use.clear();
  EXPECT_THAT(clean({}), ElementsAre("web", "base", "other"));
}

TEST_F(Undeclared, WhereTheirEngineDoesNotAnswerOthersAreCleanedAllTheSame) {
  // As a platform that had a machine of its own, which is off.
  stack.add("far", "FROM scratch\nCOPY Dockerfile /far\n");
  build("far", {"l7"});
  Json far = read_json(folder("far").image_record());
  far["endpoint"] = "engine B";
  write_file(folder("far").image_record(), pretty_json(far));
  Json engine = read_json(tree() / "engine.json");
  engine["identity"] = "engine B";
  write_file(tree() / "engine-x86_64.json", pretty_json(engine));
  stack.take_out("far");
  stack.take_out("web");
  int asked = 0;
  const auto open = stack.open;
  stack.open = [&](const engine::Endpoint& endpoint) {
    if (endpoint.identity != "engine B") return open(endpoint);
    ++asked;
    throw UnreachableError("docker does not answer");
  };
  EXPECT_THAT(clean({.superseded_only = true}), IsEmpty());
  EXPECT_EQ(asked, 0) << "nothing of it is superseded";
  EXPECT_THAT(clean(),
              ElementsAre("web", "far/x86_64: docker does not answer", "web/x86_64: gone"));
  EXPECT_THAT(clean({}), ElementsAre("other", "base", "far/x86_64: docker does not answer"));
  EXPECT_EQ(asked, 2) << "once for each time";
  EXPECT_TRUE(is_there("far"));
}

}  // namespace
}  // namespace cairn::stack
