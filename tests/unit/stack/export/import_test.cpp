// SPDX-License-Identifier: BSD-3-Clause
#include "stack/export/import.hpp"

#include "archive/tar.hpp"
#include "export_fixture.hpp"
#include "store/blob_reader.hpp"

namespace cairn::stack {
namespace {

class Files : public archive::TarVisitor {
 public:
  void begin_file(const std::string& name, std::uint64_t) override { current = &all[name]; }
  void file_bytes(std::string_view bytes) override { current->append(bytes); }
  void end_file() override {}
  void link(const std::string&, const std::string&, bool) override {}

  std::map<std::string, std::string> all;
  std::string* current = nullptr;
};

class ImportTest : public ExportTest {
 protected:
  ImportTest() {
    built("root", {bottom, middle});
    exported("root");
    id = image("root").engine_id;
    held = family.world->images[id];
    family.world->images.clear();
    family.world->on_load = [this] { family.world->images[id] = held; };
  }

  std::string id;
  engine::ImageInfo held;
};

TEST_F(ImportTest, GivesTheEngineWhatItHad) {
  const ImportReport report = import_image(folder("root"), family.open);
  EXPECT_TRUE(report.loaded);
  EXPECT_EQ(report.engine_id, id);
  Files files;
  bool given = false;
  archive::read_tar(
      [&]() -> std::string_view {
        return std::exchange(given, true) ? std::string_view() : family.world->loaded;
      },
      files);
  const Json manifest = Json::parse(files.all.at("manifest.json")).at(0);
  EXPECT_EQ(files.all.at(manifest["Config"]), config_of({bottom, middle}));
  EXPECT_EQ(testing::gunzipped(files.all.at(manifest["Layers"][0])), bottom);
  EXPECT_EQ(testing::gunzipped(files.all.at(manifest["Layers"][1])), middle);
  EXPECT_EQ(family.world->id_of("quay.io/me/root:latest"), id);
  EXPECT_EQ(family.world->id_of("cairn.invalid/family/root-x86_64:1"), id);
}

TEST_F(ImportTest, LoadsNothingThatIsThere) {
  family.world->images[id] = held;
  EXPECT_FALSE(import_image(folder("root"), family.open).loaded);
  EXPECT_TRUE(family.world->calls_of("load").empty());
  EXPECT_EQ(family.world->id_of("quay.io/me/root:latest"), id);
}

TEST_F(ImportTest, StopsWhenTheEngineMadeAnotherImageOfIt) {
  held.config_digest = "sha256:" + std::string(64, 'b');
  EXPECT_EQ(testing::thrown_by([&] { import_image(folder("root"), family.open); }),
            "the engine does not have 'root' after it loaded it: expected '" + id + "'");
}

TEST_F(ImportTest, StopsAtABadOrAbsentBlob) {
  const auto record = ExportRecord::read(folder("root").export_record());
  const oci::Descriptor& layer = record.layers[1].blob;
  write_file(store().path_of(layer.digest), std::string(layer.size, 'x'));
  EXPECT_THROW(import_image(folder("root"), family.open), store::BadBlob);
  EXPECT_EQ(testing::thrown_by([&] { import_image(folder("root"), family.open); }),
            "blob '" + layer.digest.to_string() +
                "' is not in the store any more\n"
                "hint: make it again: cairn export");
}

TEST_F(ImportTest, WantsAnExport) {
  std::filesystem::remove(folder("root").export_record());
  EXPECT_EQ(testing::thrown_by([&] { import_image(folder("root"), family.open); }),
            "'root' was never exported\nhint: cairn export " + folder("root").path.string());
}

}  // namespace
}  // namespace cairn::stack
