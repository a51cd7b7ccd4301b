// SPDX-License-Identifier: BSD-3-Clause
#include "export_fixture.hpp"
#include "stack/export/kept_blobs.hpp"
#include "store/maintenance.hpp"

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

TEST_F(ExportTest, PutsWhatWasBuiltIntoTheStore) {
  built("root", {bottom, middle});
  const ExportReport report = exported("root");
  EXPECT_TRUE(report.written);
  EXPECT_EQ(report.compressed, 2U);
  const ExportRecord& record = report.record;
  EXPECT_EQ(blob(record.config.digest), config_of({bottom, middle}));
  EXPECT_EQ(record.config.digest.to_string(), image("root").config_digest);
  ASSERT_EQ(record.layers.size(), 2U);
  EXPECT_EQ(testing::gunzipped(blob(record.layers[0].blob.digest)), bottom);
  EXPECT_EQ(testing::gunzipped(blob(record.layers[1].blob.digest)), middle);
  EXPECT_EQ(record.layers[1].diff_id, oci::Digest::of(middle));
  EXPECT_EQ(record.layers[1].blob.size, blob(record.layers[1].blob.digest).size());
  const Json manifest = Json::parse(blob(record.manifest.digest));
  EXPECT_EQ(manifest["mediaType"], "application/vnd.docker.distribution.manifest.v2+json");
  EXPECT_EQ(manifest["config"]["digest"], image("root").config_digest);
  EXPECT_EQ(manifest["annotations"],
            Json::parse(R"({"org.opencontainers.image.created": "2026-11-24T00:20:00Z",
                            "org.opencontainers.image.revision": "abc123"})"));
  EXPECT_EQ(ExportRecord::read(folder("root").export_record()).to_text(), record.to_text());
  EXPECT_TRUE(store::verify(store()).bad.empty());
}

TEST_F(ExportTest, LeavesAnEqualRecordAndAsksNobody) {
  built("root", {bottom, middle});
  const ExportReport first = exported("root");
  const auto written = fs::last_write_time(folder("root").export_record());
  const int opened = family.world->opened;
  const ExportReport again = exported("root");
  EXPECT_FALSE(again.written);
  EXPECT_FALSE(again.saved);
  EXPECT_EQ(again.compressed, 0U);
  EXPECT_EQ(fs::last_write_time(folder("root").export_record()), written);
  EXPECT_EQ(family.world->opened, opened);
  // The record is made again from the store alone.
  fs::remove(folder("root").export_record());
  EXPECT_TRUE(exported("root").written);
  EXPECT_EQ(saves(), 1U);
  EXPECT_EQ(ExportRecord::read(folder("root").export_record()).to_text(), first.record.to_text());
}

TEST_F(ExportTest, TakesTheParentsLayersFromTheParent) {
  built("root", {bottom, middle});
  built("child", {bottom, middle, top}, "root");
  const ExportReport child = exported("child");
  const ExportRecord root = ExportRecord::read(folder("root").export_record());
  EXPECT_EQ(child.compressed, 1U);
  EXPECT_EQ(child.record.layers[0].blob.digest, root.layers[0].blob.digest);
  EXPECT_EQ(child.record.layers[1].blob.digest, root.layers[1].blob.digest);
  EXPECT_EQ(testing::gunzipped(blob(child.record.layers[2].blob.digest)), top);
  EXPECT_EQ(child.record.parent, "root");
  EXPECT_EQ(child.record.parent_manifest, root.manifest.digest.to_string());
  EXPECT_EQ(child.record.annotations.at("org.opencontainers.image.base.name"),
            "quay.io/me/root:latest");
  EXPECT_EQ(child.record.annotations.at("org.opencontainers.image.base.digest"),
            root.manifest.digest.to_string());
}

TEST_F(ExportTest, StopsAChildThatDoesNotStandOnItsParent) {
  built("root", {bottom, middle});
  built("child", {middle, top}, "root");
  EXPECT_EQ(refusal("child"),
            "'child' does not stand on the exported 'root': its layers do not begin with that "
            "image's\nhint: build it again: cairn build --force child");
  EXPECT_FALSE(fs::exists(folder("child").export_record()));
}

TEST_F(ExportTest, StopsAChildOfAnOlderParent) {
  built("root", {bottom});
  built("child", {bottom, top}, "root");
  ImageRecord child = image("child");
  child.parents[0].identity = std::string(64, '0');
  write(child);
  EXPECT_EQ(refusal("child"),
            "'child' was built on another 'root' than the one that is there now\n"
            "hint: cairn build @/build/cairn/images/child/x86_64");
}

TEST_F(ExportTest, TakesNoParentThatItOnlyCopiesFrom) {
  built("root", {bottom});
  built("child", {middle, top}, "root");
  ImageRecord child = image("child");
  child.base = "docker.io/library/debian:12";
  write(child);
  const ExportReport report = exported("child");
  EXPECT_EQ(report.record.parent, "");
  EXPECT_EQ(report.record.annotations.at("org.opencontainers.image.base.name"),
            "docker.io/library/debian:12");
  EXPECT_FALSE(fs::exists(folder("root").export_record()));
}

TEST_F(ExportTest, MakesABadBlobAgain) {
  built("root", {bottom, middle});
  const ExportRecord record = exported("root").record;
  const auto layer = store().path_of(record.layers[1].blob.digest);
  fs::resize_file(layer, 10);
  ExportReport again = exported("root");
  EXPECT_EQ(again.compressed, 1U);
  EXPECT_FALSE(again.written);
  EXPECT_EQ(testing::gunzipped(blob(record.layers[1].blob.digest)), middle);
  write_file(store().path_of(record.config.digest), std::string(record.config.size, ' '));
  again = exported("root");
  EXPECT_TRUE(again.saved);
  EXPECT_EQ(again.compressed, 0U);
  EXPECT_EQ(blob(record.config.digest), config_of({bottom, middle}));
  fs::remove(store().path_of(record.manifest.digest));
  EXPECT_FALSE(exported("root").saved);
  EXPECT_EQ(store::verify(store()).blobs, 4U);
}

TEST_F(ExportTest, WantsTheImageThatWasBuilt) {
  family.add("root", "FROM scratch\n");
  EXPECT_EQ(refusal("root"),
            "'root' is not built\nhint: cairn build @/build/cairn/images/root/x86_64");
  built("app", {bottom});
  const std::string id = image("app").engine_id;
  family.world->images[id].config_digest = "sha256:" + std::string(64, 'b');
  EXPECT_EQ(refusal("app"), "'app' is 'sha256:" + std::string(64, 'b') +
                                "' in the engine, its record says '" + id + "'\n" +
                                "hint: cairn build --force @/build/cairn/images/app/x86_64");
  family.world->images.clear();
  EXPECT_EQ(refusal("app"),
            "'app' is not in the engine any more\n"
            "hint: cairn build @/build/cairn/images/app/x86_64");
  EXPECT_FALSE(fs::exists(folder("app").export_record()));
}

TEST_F(ExportTest, KeepsItsBlobsFromGcAsLongAsItsRecordStands) {
  built("root", {bottom, middle});
  exported("root");
  const auto collected = [&] {
    std::set<oci::Digest> keep;
    for (const KeptTree& tree : kept_trees(store()))
      keep.insert(tree.blobs.begin(), tree.blobs.end());
    return store::collect(store(), keep, {std::chrono::seconds(0), false}).blobs;
  };
  EXPECT_EQ(collected(), 0U);
  write_file(folder("root").export_record(), "{");
  EXPECT_NE(testing::thrown_by([&] {
              kept_trees(store());
            }).find("a record that may name blobs cannot be read: "),
            std::string::npos);
  fs::remove(folder("root").export_record());
  EXPECT_EQ(collected(), 4U);
}

}  // namespace
}  // namespace cairn::stack
