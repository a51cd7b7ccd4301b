// SPDX-License-Identifier: BSD-3-Clause
#include "archive/decompressor.hpp"
#include "archive/tar.hpp"
#include "export_fixture.hpp"
#include "stack/export/import.hpp"
#include "stack/export/kept_blobs.hpp"

namespace cairn::stack {
namespace {

using archive::Compression;

std::string packed(const std::string& text, Compression compression = Compression::gzip) {
  std::string out;
  // Not as Cairn would compress it: an engine has a header of its own.
  const auto sink = [&](std::string_view bytes) { out.append(bytes); };
  const auto compressor = compression == Compression::gzip
                              ? archive::make_zlib_compressor(sink)
                              : archive::make_compressor(compression, sink);
  compressor->write(text);
  compressor->finish();
  if (compression == Compression::gzip) out[9] = 3;  // made on Unix
  return out;
}

std::string unzstd(const std::string& bytes) {
  std::string out;
  const auto decompressor = archive::make_decompressor(
      Compression::zstd, [&](std::string_view some) { out.append(some); });
  decompressor->write(bytes);
  decompressor->finish();
  return out;
}

std::string digest_of(const std::string& bytes) {
  return "sha256:" + sha256_hex(bytes);
}

Json descriptor_of(const std::string& type, const std::string& bytes) {
  return {{"mediaType", type}, {"digest", digest_of(bytes)}, {"size", bytes.size()}};
}

std::string manifest_of(const std::string& config_type, const std::string& config,
                        const std::vector<std::string>& layers) {
  Json all = Json::array();
  for (const std::string& layer : layers)
    all.push_back(descriptor_of("application/vnd.oci.image.layer.v1.tar+gzip", layer));
  // Blanks as no writer of ours would have them: the bytes must survive.
  return Json({{"schemaVersion", 2},
               {"mediaType", oci::kOciManifest},
               {"config", descriptor_of(config_type, config)},
               {"layers", all}})
      .dump(3);
}

std::string index_of(const std::vector<std::string>& manifests) {
  Json all = Json::array();
  for (const std::string& manifest : manifests)
    all.push_back(descriptor_of(oci::kOciManifest, manifest));
  return Json({{"schemaVersion", 2}, {"mediaType", oci::kOciIndex}, {"manifests", all}}).dump(1);
}

/// An image layout as engines save it: every blob under its digest.
std::string layout_of(const std::vector<std::string>& blobs, const std::string& index) {
  std::string bytes = testing::tar_entry("blobs/", "", '5') +
                      testing::tar_entry("blobs/sha256/", "", '5') +
                      testing::tar_entry("oci-layout", R"({"imageLayoutVersion": "1.0.0"})");
  for (const std::string& blob : blobs)
    bytes += testing::tar_entry("blobs/sha256/" + sha256_hex(blob), blob);
  return bytes + testing::tar_entry("index.json", index) + testing::tar_end();
}

/// Images whose configs are OCI's, or that a containerd store holds.
class OciImageTest : public ExportTest {
 protected:
  OciImageTest() { healthcheck = "null"; }

  /// Has the engine save `saved` for `target`, which it knows by `engine_id`.
  void saves_as(const std::string& target, const std::string& engine_id, const std::string& saved,
                const std::string& config_media_type = "") {
    ImageRecord record = image(target);
    engine::ImageInfo info = family.world->images.at(record.config_digest);
    family.world->images.erase(record.config_digest);
    family.world->saves.erase(record.config_digest);
    record.engine_id = info.id = engine_id;
    info.config_media_type = config_media_type;
    family.world->images[engine_id] = info;
    family.world->saves[engine_id] = saved;
    write(record);
  }
  /// `target` of `layers`, in a containerd store that has compressed them.
  void held_by_containerd(const std::string& target, const std::vector<std::string>& layers,
                          const std::string& parent = "",
                          const std::string& config_type = oci::kOciConfig,
                          Compression by = Compression::gzip) {
    built(target, layers, parent);
    const std::string config = config_of(layers, healthcheck);
    std::vector<std::string> blobs;
    for (const std::string& layer : layers)
      blobs.push_back(packed(layer, by));
    manifest = manifest_of(config_type, config, blobs);
    blobs.insert(blobs.end(), {config, manifest});
    saves_as(target, digest_of(manifest), layout_of(blobs, index_of({manifest})));
  }
  /// `target` of `layers`, built by podman or buildah with --format oci.
  void held_as_oci(const std::string& target, const std::vector<std::string>& layers,
                   const std::string& parent = "", const std::optional<Compression>& by = {}) {
    built(target, layers, parent);
    const std::string config = config_of(layers, healthcheck);
    std::vector<std::string> blobs = layers;
    for (std::string& layer : blobs)
      layer = by ? packed(layer, *by) : layer;
    const std::string own = manifest_of(oci::kOciConfig, config, blobs);
    blobs.insert(blobs.end(), {config, own});
    saves_as(target, digest_of(config), layout_of(blobs, index_of({own})), oci::kOciConfig);
  }

  std::string manifest;  ///< of the last image that containerd was given
};

TEST_F(OciImageTest, KeepsWhatAContainerdStoreHasCompressed) {
  held_by_containerd("root", {bottom, middle});
  const ExportReport report = exported("root");
  EXPECT_EQ(report.compressed, 2U);
  const ExportRecord& record = report.record;
  ASSERT_EQ(record.layers.size(), 2U);
  EXPECT_EQ(blob(record.layers[0].blob.digest), packed(bottom));
  EXPECT_EQ(record.layers[0].made_by, "engine");
  EXPECT_EQ(record.layers[1].diff_id, oci::Digest::of(middle));
  EXPECT_EQ(record.layers[1].blob.media_type, "application/vnd.oci.image.layer.v1.tar+gzip");
  EXPECT_EQ(record.manifest.media_type, oci::kOciManifest);
  EXPECT_EQ(record.config.media_type, oci::kOciConfig);
  EXPECT_EQ(blob(record.config.digest), config_of({bottom, middle}, healthcheck));
  ASSERT_TRUE(record.engine_manifest);
  EXPECT_EQ(record.engine_manifest->digest.to_string(), image("root").engine_id);
  EXPECT_EQ(blob(record.engine_manifest->digest), manifest);
  EXPECT_EQ(ExportRecord::read(folder("root").export_record()).to_text(), record.to_text());
}

TEST_F(OciImageTest, TakesAConfigForDockersThatHoldsWhatTheOciHasNoPlaceFor) {
  healthcheck = R"({"Test": ["CMD", "/check"]})";
  held_by_containerd("root", {bottom});
  ExportRecord record = exported("root").record;
  EXPECT_EQ(record.config.media_type, oci::kDockerConfig);
  EXPECT_EQ(record.manifest.media_type, oci::kDockerManifest);
  std::filesystem::remove(folder("root").export_record());
  EXPECT_EQ(exported("root").record.to_text(), record.to_text());
  EXPECT_EQ(saves(), 1U);
}

TEST_F(OciImageTest, LeavesZstdLayersOfAContainerdStore) {
  held_by_containerd("root", {bottom}, "", oci::kOciConfig, Compression::zstd);
  const ExportRecord record = exported("root").record;
  EXPECT_EQ(record.layers.at(0).blob.media_type, "application/vnd.oci.image.layer.v1.tar+zstd");
  EXPECT_EQ(blob(record.layers.at(0).blob.digest), packed(bottom, Compression::zstd));
  held_by_containerd("other", {middle}, "", oci::kDockerConfig, Compression::zstd);
  EXPECT_EQ(refusal("other"),
            "layer '" + digest_of(packed(middle, Compression::zstd)) +
                "' of 'other' is compressed by zstd already, which docker's manifests have no type "
                "for\nhint: build it on a base whose layers are gzip");
}

TEST_F(OciImageTest, NeedsNoZstdWhereTheEngineHasCompressed) {
  compress_by("zstd");
  held_by_containerd("root", {bottom}, "", oci::kDockerConfig);
  EXPECT_EQ(exported("root").record.layers.at(0).made_by, "engine");
}

TEST_F(OciImageTest, CompressesNothingTwiceThatBuildahCompressedForAnArchive) {
  held_as_oci("root", {bottom}, "", Compression::gzip);
  const ExportRecord root = exported("root").record;
  EXPECT_EQ(testing::gunzipped(blob(root.layers.at(0).blob.digest)), bottom);
  EXPECT_NE(root.layers.at(0).made_by, "engine");
  held_as_oci("child", {bottom, top}, "root", Compression::gzip);
  const ExportReport child = exported("child");
  EXPECT_EQ(child.compressed, 1U);
  EXPECT_EQ(child.record.layers.at(0).blob.digest, root.layers.at(0).blob.digest);
}

TEST_F(OciImageTest, ForgetsWhatAnotherManifestOfTheConfigSaid) {
  held_by_containerd("root", {bottom});
  const std::string first = exported("root").record.engine_manifest->digest.to_string();
  const std::string old = manifest;
  held_by_containerd("root", {bottom}, "", oci::kDockerConfig);
  ASSERT_NE(manifest, old);
  const ExportRecord record = exported("root").record;
  EXPECT_EQ(record.config.media_type, oci::kDockerConfig);
  EXPECT_NE(record.engine_manifest->digest.to_string(), first);
  EXPECT_EQ(record.engine_manifest->digest.to_string(), image("root").engine_id);
}

TEST_F(OciImageTest, AsksAContainerdStoreOnceOnly) {
  held_by_containerd("root", {bottom});
  const std::string text = exported("root").record.to_text();
  EXPECT_FALSE(exported("root").saved);
  std::filesystem::remove(folder("root").export_record());
  const ExportReport again = exported("root");
  EXPECT_FALSE(again.saved);
  EXPECT_EQ(again.record.to_text(), text);
  // A layer that went bad is fetched, and is the same again.
  store().remove(again.record.layers[0].blob.digest);
  EXPECT_EQ(exported("root").compressed, 1U);
  EXPECT_EQ(blob(again.record.layers[0].blob.digest), packed(bottom));
  EXPECT_EQ(saves(), 2U);
}

TEST_F(OciImageTest, TakesTheParentsBlobsInAContainerdStore) {
  held_by_containerd("root", {bottom});
  held_by_containerd("child", {bottom, top}, "root");
  const ExportReport report = exported("child");
  EXPECT_EQ(report.compressed, 1U);
  EXPECT_EQ(report.record.layers[0].blob.digest.to_string(), digest_of(packed(bottom)));
  EXPECT_EQ(report.record.parent, "root");
}

TEST_F(OciImageTest, FollowsAnIndexPastWhatIsNoImage) {
  built("root", {bottom});
  const std::string config = config_of({bottom}, healthcheck);
  const std::string layer = packed(bottom);
  manifest = manifest_of(oci::kDockerConfig, config, {layer});
  const std::string provenance = R"({"_type": "https://in-toto.io/Statement/v0.1"})";
  const std::string attestation =
      manifest_of(oci::kOciConfig, R"({"rootfs": {"diff_ids": []}})", {provenance});
  const std::string index = index_of({attestation, "another platform's, not saved", manifest});
  saves_as("root", digest_of(index),
           layout_of({layer, config, provenance, attestation, manifest, index}, index_of({index})));
  const ExportRecord record = exported("root").record;
  EXPECT_EQ(record.config.media_type, oci::kDockerConfig);
  EXPECT_EQ(record.manifest.media_type, oci::kDockerManifest);
  EXPECT_EQ(record.layers.at(0).blob.media_type,
            "application/vnd.docker.image.rootfs.diff.tar.gzip");
  EXPECT_EQ(record.engine_manifest->digest.to_string(), digest_of(manifest));
  EXPECT_FALSE(exported("root").saved);
}

TEST_F(OciImageTest, RefusesWhatAContainerdStoreDidNotBuild) {
  built("root", {bottom});
  const std::string config = config_of({bottom}, healthcheck);
  const std::string layer = packed(bottom);
  const std::string said = "what the engine saved of 'root'";
  const auto refusal_of = [&](const std::string& of, const std::vector<std::string>& blobs) {
    saves_as("root", digest_of(of), layout_of(blobs, index_of({of})));
    std::string text = refusal("root");
    ImageRecord record = image("root");
    family.world->images[record.config_digest] = family.world->images.at(record.engine_id);
    family.world->saves[record.config_digest] = "";
    return text;
  };
  const std::string good = manifest_of(oci::kOciConfig, config, {layer});
  EXPECT_EQ(refusal_of(good, {layer, config}),
            said + " lacks the document '" + digest_of(good) + "'");
  EXPECT_EQ(refusal_of(good, {layer, good}),
            said + " lacks the document '" + digest_of(config) + "'");
  const std::string other = config_of({middle}, healthcheck);
  const std::string of_other = manifest_of(oci::kOciConfig, other, {packed(middle)});
  EXPECT_EQ(refusal_of(of_other, {packed(middle), other, of_other}),
            "'root' was saved with the config '" + digest_of(other) + "' instead of '" +
                digest_of(config) + "'\nhint: build it again: cairn build --force root");
  const std::string index = index_of({of_other});
  EXPECT_EQ(refusal_of(index, {packed(middle), other, of_other, index}),
            said + " names no manifest with the config '" + digest_of(config) + "'");
  const std::string wrong_layer = manifest_of(oci::kOciConfig, config, {packed(top)});
  EXPECT_EQ(refusal_of(wrong_layer, {packed(top), config, wrong_layer}),
            "layer 1 of 'root' was saved as '" + digest_of(top) + "', its config says '" +
                digest_of(bottom) + "'");
  const std::string strange = manifest_of("text/plain", config, {layer});
  EXPECT_EQ(refusal_of(strange, {layer, config, strange}),
            said + " has a config of the type 'text/plain'");
}

TEST_F(OciImageTest, RefusesBytesUnderAnothersName) {
  built("root", {bottom});
  const std::string config = config_of({bottom}, healthcheck);
  const std::string layer = packed(bottom);
  manifest = manifest_of(oci::kOciConfig, config, {layer});
  std::string saved = layout_of({layer, config, manifest}, index_of({manifest}));
  // The layer of another image under the name of this one's.
  const std::string before = testing::tar_entry("blobs/sha256/" + sha256_hex(layer), layer);
  saved.replace(saved.find(before), before.size(),
                testing::tar_entry("blobs/sha256/" + sha256_hex(layer), packed(top)));
  saves_as("root", digest_of(manifest), saved);
  EXPECT_NE(refusal("root").find(sha256_hex(layer)), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder("root").export_record()));
}

TEST_F(OciImageTest, GivesAContainerdStoreItsOwnManifestBack) {
  held_by_containerd("root", {bottom});
  exported("root");
  const std::string id = image("root").engine_id;
  const engine::ImageInfo held = family.world->images.at(id);
  family.world->images.clear();
  family.world->on_load = [&] { family.world->images[id] = held; };
  const ImportReport report = import_image(folder("root"), family.open);
  EXPECT_TRUE(report.loaded);
  EXPECT_EQ(report.engine_id, id);
  EXPECT_EQ(family.world->calls_of("load"), std::vector<std::string>{"load oci"});
  const std::string& given = family.world->loaded;
  EXPECT_NE(given.find(manifest), std::string::npos);
  EXPECT_NE(given.find("\"digest\":\"" + id + "\""), std::string::npos) << "not in index.json";
  EXPECT_NE(given.find("manifest.json"), std::string::npos);
}

TEST_F(OciImageTest, FindsAnImportByTheIdThatTheEngineSays) {
  built("root", {bottom});
  exported("root");
  const engine::ImageInfo held = family.world->images.at(image("root").engine_id);
  family.world->images.clear();
  const std::string id = "sha256:" + std::string(64, 'e');
  family.world->loaded_id = id;
  family.world->on_load = [&] {
    family.world->images[id] = held;
    family.world->images[id].id = id;
  };
  EXPECT_EQ(import_image(folder("root"), family.open).engine_id, id);
  EXPECT_EQ(family.world->id_of("quay.io/me/root:latest"), id);
  // Then by the name that it was given.
  EXPECT_FALSE(import_image(folder("root"), family.open).loaded);
}

TEST_F(OciImageTest, CompressesByZstdWhereItWasChosen) {
  compress_by("zstd");
  held_as_oci("root", {bottom, middle});
  const ExportRecord record = exported("root").record;
  EXPECT_EQ(record.manifest.media_type, oci::kOciManifest);
  EXPECT_EQ(record.layers.at(0).blob.media_type, "application/vnd.oci.image.layer.v1.tar+zstd");
  EXPECT_EQ(record.layers.at(0).made_by, "zstd");
  EXPECT_EQ(unzstd(blob(record.layers.at(1).blob.digest)), middle);
  EXPECT_FALSE(record.engine_manifest);
  held_as_oci("child", {bottom, middle, top}, "root");
  const ExportReport child = exported("child");
  EXPECT_EQ(child.compressed, 1U);
  EXPECT_EQ(child.record.layers.at(0).blob.digest, record.layers.at(0).blob.digest);
  EXPECT_FALSE(exported("child").saved);
  // Without the record the engine says whose config it is, and is not asked for more.
  std::filesystem::remove(folder("root").export_record());
  EXPECT_FALSE(exported("root").saved);
}

TEST_F(OciImageTest, CompressesByGzipElse) {
  held_as_oci("root", {bottom});
  const ExportRecord record = exported("root").record;
  EXPECT_EQ(record.layers.at(0).blob.media_type, "application/vnd.oci.image.layer.v1.tar+gzip");
  EXPECT_EQ(testing::gunzipped(blob(record.layers.at(0).blob.digest)), bottom);
}

TEST_F(OciImageTest, RefusesZstdForADockerConfig) {
  compress_by("zstd");
  built("root", {bottom});
  const std::string text =
      "'root' has a docker config, whose layers cannot be 'zstd'\n"
      "hint: build it and its parents with --format oci (podman, buildah), or take COMPRESSION "
      "zstd out of add_docker_stack";
  EXPECT_EQ(refusal("root"), text);
  EXPECT_EQ(saves(), 0U);
  // Not by the back door of what the store has already, either.
  compress_by("gzip");
  exported("root");
  compress_by("zstd");
  EXPECT_EQ(refusal("root"), text);
}

TEST_F(OciImageTest, CompressesTheParentAgainWhenTheChoiceIsTakenBack) {
  compress_by("zstd");
  held_as_oci("root", {bottom});
  exported("root");
  compress_by("gzip");
  built("child", {bottom, top}, "root");
  const ExportRecord child = exported("child").record;
  EXPECT_EQ(child.manifest.media_type, oci::kDockerManifest);
  EXPECT_EQ(testing::gunzipped(blob(child.layers.at(0).blob.digest)), bottom);
  const ExportRecord root = ExportRecord::read(folder("root").export_record());
  EXPECT_EQ(root.layers.at(0).blob.digest, child.layers.at(0).blob.digest);
  EXPECT_EQ(root.layers.at(0).blob.media_type, "application/vnd.oci.image.layer.v1.tar+gzip");
}

TEST_F(OciImageTest, KeepsTheEnginesManifestFromGc) {
  held_by_containerd("root", {bottom});
  const ExportRecord record = exported("root").record;
  const std::vector<oci::Descriptor> kept = blobs_of(record);
  ASSERT_EQ(kept.size(), 4U);
  EXPECT_EQ(kept.back().digest, record.engine_manifest->digest);
}

}  // namespace
}  // namespace cairn::stack
