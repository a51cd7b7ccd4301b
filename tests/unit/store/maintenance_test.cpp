// SPDX-License-Identifier: BSD-3-Clause
#include "store/maintenance.hpp"

#include "store/layer_map.hpp"
#include "store_fixture.hpp"

namespace cairn::store {
namespace {

using std::chrono::seconds;
using testing::ChildProcess;
using testing::eventually;

Json descriptor(const StoredBlob& blob, const std::string& type) {
  return {{"mediaType", type}, {"digest", blob.digest.to_string()}, {"size", blob.size}};
}

/// Makes all blobs two hours old.
void age(const Store& store) {
  for (const ListedBlob& blob : store.list()) {
    fs::last_write_time(store.path_of(blob.digest),
                        fs::file_time_type::clock::now() - std::chrono::hours(2));
  }
}

TEST_F(StoreTest, CollectsWhatNobodyNames) {
  const Store store(root());
  const oci::Digest named = store.put("named").digest;
  store.put("nobody's");
  age(store);
  CollectOptions options{seconds(3600), /*dry_run=*/true};
  Collected result = collect(store, {named}, options);
  EXPECT_EQ(result.blobs, 1U);
  EXPECT_EQ(result.bytes, 8U);
  EXPECT_EQ(store.list().size(), 2U);
  options.dry_run = false;
  result = collect(store, {named}, options);
  EXPECT_EQ(result.blobs, 1U);
  ASSERT_EQ(store.list().size(), 1U);
  EXPECT_EQ(store.list()[0].digest, named);
}

TEST_F(StoreTest, CollectsNothingYoungOrFromTheFuture) {
  const Store store(root());
  store.put("old");
  age(store);
  store.put("young");
  fs::last_write_time(store.path_of(store.put("future").digest),
                      fs::file_time_type::clock::now() + std::chrono::hours(100));
  const Collected result = collect(store, {}, {seconds(3600), false});
  EXPECT_EQ(result.blobs, 1U);
  EXPECT_EQ(result.young, 2U);
  EXPECT_FALSE(store.read(oci::Digest::of("old"), 100));
}

TEST_F(StoreTest, MakesBlobsYoungThatAreTakenAgain) {
  const Store store(root());
  const StoredBlob blob = store.put("layer");
  age(store);
  EXPECT_TRUE(store.take(blob.digest, blob.size));
  EXPECT_EQ(collect(store, {}, {seconds(3600), false}).young, 1U);
}

TEST_F(StoreTest, CollectsNothingThatTheIndexReaches) {
  const Store store(root());
  const StoredBlob layer = store.put("layer");
  const StoredBlob config = store.put("config");
  const StoredBlob manifest = store.put(canonical_json(
      {{"config", descriptor(config, "application/vnd.oci.image.config.v1+json")},
       {"layers",
        Json::array({descriptor(layer, "application/vnd.oci.image.layer.v1.tar+gzip")})}}));
  const StoredBlob index = store.put(canonical_json(
      {{"manifests",
        Json::array({descriptor(manifest, "application/vnd.oci.image.manifest.v1+json")})}}));
  write_file(root() / "oci/index.json",
             canonical_json(
                 {{"manifests",
                   Json::array({descriptor(index, "application/vnd.oci.image.index.v1+json")})}}));
  store.put("nobody's");
  EXPECT_EQ(collect(store, {}, {seconds(0), false}).blobs, 1U);
  EXPECT_EQ(store.list().size(), 4U);
  // What cannot be followed may lead anywhere.
  write_file(store.path_of(manifest.digest), "{}");
  EXPECT_THROW(collect(store, {}, {seconds(0), false}), BadBlob);
  EXPECT_EQ(store.list().size(), 3U);
}

TEST_F(StoreTest, StopsAtAnIndexThatCannotBeRead) {
  const Store store(root());
  store.put("a");
  write_file(root() / "oci/index.json", "{");
  EXPECT_EQ(thrown_by([&] {
              collect(store, {}, {seconds(0), false});
            }),
            "@/oci/index.json: expected a JSON object");
  fs::remove(root() / "oci/index.json");
  EXPECT_EQ(thrown_by([&] {
              collect(store, {}, {seconds(0), false});
            }),
            "store: '@/oci/index.json' is missing");
  EXPECT_EQ(store.list().size(), 1U);
}

TEST_F(StoreTest, ForgetsLayersWhoseBlobsAreGone) {
  const Store store(root());
  const StoredBlob blob = store.put("compressed");
  LayerMap(store).record({oci::Digest::of("layer"), 5, "", "gzip", "zlib", blob.digest, blob.size});
  collect(store, {blob.digest}, {seconds(0), false});
  EXPECT_FALSE(fs::is_empty(root() / "layers"));
  collect(store, {}, {seconds(0), false});
  EXPECT_TRUE(fs::is_empty(root() / "layers"));
}

TEST_F(StoreTest, RemovesWhatKilledWritersLeftAndNothingOfLivingOnes) {
  const Store store(root());
  const auto writer = [&](const std::string& mark) {
    auto child = std::make_unique<ChildProcess>([&] {
      BlobWriter half = store.writer();
      half.write("half");
      write_file(root() / mark, "");
      for (;;)
        ::pause();
    });
    EXPECT_TRUE(eventually([&] { return fs::exists(root() / mark); }));
    return child;
  };
  const auto living = writer("living");
  const auto killed = writer("killed");
  killed->kill();
  EXPECT_EQ(collect(store, {}, {seconds(3600), false}).left_over, 0U);
  EXPECT_EQ(collect(store, {}, {seconds(0), true}).left_over, 1U);
  EXPECT_EQ(collect(store, {}, {seconds(0), false}).left_over, 1U);
  EXPECT_EQ(std::distance(fs::directory_iterator(root() / "incoming"), {}), 1);
  living->kill();
  EXPECT_EQ(collect(store, {}, {seconds(0), false}).left_over, 1U);
}

TEST_F(StoreTest, IsCleanedUpWhenNobodyHoldsIt) {
  const Store store(root());
  ChildProcess holder([&] {
    const auto held = store.hold();
    write_file(root() / "held", "");
    for (;;)
      ::pause();
  });
  ASSERT_TRUE(eventually([&] { return fs::exists(root() / "held"); }));
  ChildProcess cleaner([&] {
    const auto alone = store.hold_alone([&] { write_file(root() / "waits", ""); });
    write_file(root() / "alone", "");
  });
  ASSERT_TRUE(eventually([&] { return fs::exists(root() / "waits"); }));
  EXPECT_FALSE(fs::exists(root() / "alone"));
  holder.kill();
  EXPECT_EQ(cleaner.wait(), 0);
  EXPECT_TRUE(fs::exists(root() / "alone"));
}

TEST_F(StoreTest, KnowsTheTreesThatNameItsBlobs) {
  const Store store(root());
  const fs::path tree = root().parent_path() / "build/family.stack.json";
  write_file(tree, "{}");
  register_root(store, tree);
  register_root(store, tree);
  register_root(store, root().parent_path() / "gone.stack.json");
  EXPECT_EQ(roots(store), std::vector{tree});
  EXPECT_EQ(std::distance(fs::directory_iterator(root() / "roots"), {}), 2);
  collect(store, {}, {seconds(0), false});
  EXPECT_EQ(roots(store), std::vector{tree});
  EXPECT_EQ(std::distance(fs::directory_iterator(root() / "roots"), {}), 1);
}

TEST_F(StoreTest, VerifiesEveryBlob) {
  const Store store(root());
  store.put("good");
  const oci::Digest bad = store.put("bad").digest;
  write_file(store.path_of(bad), "bat");
  Verified result = verify(store);
  EXPECT_EQ(result.blobs, 1U);
  EXPECT_EQ(result.bytes, 4U);
  EXPECT_EQ(result.bad, std::vector<std::string>{"blob '" + bad.to_string() +
                                                 "' of the store is bad: its bytes hash to '" +
                                                 oci::Digest::of("bat").to_string() + "'"});
  EXPECT_TRUE(verify(store).bad.empty());
}

TEST_F(StoreTest, CountsWhatItHolds) {
  const Store store(root());
  const std::set<oci::Digest> some{store.put("12345").digest, oci::Digest::of("absent")};
  store.put("123");
  EXPECT_EQ(usage(store).blobs, 2U);
  EXPECT_EQ(usage(store).bytes, 8U);
  EXPECT_EQ(usage(store, &some).blobs, 1U);
  EXPECT_EQ(usage(store, &some).bytes, 5U);
}

}  // namespace
}  // namespace cairn::store
