// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "export_fixture.hpp"

namespace cairn::stack {
namespace {

TEST_F(ExportTest, RefusesAnotherConfig) {
  built("root", {bottom});
  const std::string id = image("root").engine_id;
  const std::string other = config_of({middle});
  family.world->saves[id] = saved_by_docker(other, {middle});
  EXPECT_EQ(refusal("root"), "'root' was saved with the config 'sha256:" + sha256_hex(other) +
                                 "' instead of '" + id + "'\n" +
                                 "hint: build it again: cairn build --force root");
  EXPECT_FALSE(std::filesystem::exists(folder("root").export_record()));
}

TEST_F(ExportTest, RefusesLayersThatAreNotTheConfigs) {
  built("root", {bottom, middle});
  const std::string id = image("root").engine_id;
  const std::string config = config_of({bottom, middle});
  family.world->saves[id] = saved_by_docker(config, {bottom, top});
  EXPECT_EQ(refusal("root"), "layer 2 of 'root' was saved as 'sha256:" + sha256_hex(top) +
                                 "', its config says 'sha256:" + sha256_hex(middle) + "'");
  family.world->saves[id] = saved_by_docker(config, {bottom});
  EXPECT_EQ(refusal("root"), "'root' was saved with 1 layers, its config names 2");
}

TEST_F(ExportTest, RefusesStreamsThatEndEarlyOrSayNothing) {
  built("root", {bottom});
  std::string& saved = family.world->saves[image("root").engine_id];
  const std::string whole = saved;
  saved = whole.substr(0, 3500);
  EXPECT_EQ(refusal("root"), "saving '" + image("root").engine_id +
                                 "': reading a tar archive: Truncated tar archive");
  saved = testing::tar_entry("a", "b") + testing::tar_end();
  EXPECT_EQ(refusal("root"), "the engine saved 'root' without a manifest.json for it");
  saved = testing::tar_entry("manifest.json", "[{\"Config\":\"c\"}]") + testing::tar_end();
  EXPECT_EQ(refusal("root"), "the engine saved 'root' without its config");
  family.world->refuses["save"] = "docker refused to save it: the disk is full";
  EXPECT_EQ(refusal("root"), "saving '" + image("root").engine_id +
                                 "': docker refused to save it: the disk is full");
  family.world->down = true;
  EXPECT_THROW(exported("root"), UnreachableError);
}

TEST_F(ExportTest, FollowsTheLinksOfRepeatedLayers) {
  built("root", {bottom, middle, bottom});
  const ExportReport report = exported("root");
  EXPECT_EQ(report.compressed, 2U);
  ASSERT_EQ(report.record.layers.size(), 3U);
  EXPECT_EQ(report.record.layers[2].blob.digest, report.record.layers[0].blob.digest);
}

TEST_F(ExportTest, ReadsNamesByDigestAsNewerDockersWriteThem) {
  built("root", {bottom});
  const std::string config = config_of({bottom});
  const std::string blobs = "blobs/sha256/";
  const Json manifest = {{{"Config", blobs + sha256_hex(config)},
                          {"RepoTags", nullptr},
                          {"Layers", {blobs + sha256_hex(bottom)}}}};
  family.world->saves[image("root").engine_id] =
      testing::tar_entry(blobs + sha256_hex(bottom), bottom) +
      testing::tar_entry(blobs + sha256_hex(config), config) +
      testing::tar_entry("index.json", "{}") +
      testing::tar_entry("manifest.json", manifest.dump()) + testing::tar_end();
  EXPECT_EQ(testing::gunzipped(blob(exported("root").record.layers.at(0).blob.digest)), bottom);
}

TEST_F(ExportTest, TakesEmptyLayersForLayers) {
  const std::string empty(1024, '\0');
  built("root", {bottom, empty});
  EXPECT_EQ(testing::gunzipped(blob(exported("root").record.layers.at(1).blob.digest)), empty);
}

TEST_F(ExportTest, TellsLayersApartThatBeginAlike) {
  // Equal in size and in all that is looked at first; one of them is in the store already.
  const std::string one = layer_of("data", std::string(200000, 'a') + "1");
  const std::string two = layer_of("data", std::string(200000, 'a') + "2");
  built("root", {one});
  exported("root");
  built("child", {one, two}, "root");
  const ExportReport report = exported("child");
  EXPECT_EQ(testing::gunzipped(blob(report.record.layers.at(0).blob.digest)), one);
  EXPECT_EQ(testing::gunzipped(blob(report.record.layers.at(1).blob.digest)), two);
}

}  // namespace
}  // namespace cairn::stack
