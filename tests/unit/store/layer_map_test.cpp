// SPDX-License-Identifier: BSD-3-Clause
#include "store/layer_map.hpp"

#include "store_fixture.hpp"

namespace cairn::store {
namespace {

using testing::ChildProcess;

/// A layer whose compressed form is `blob`.
Layer layer_of(const Store& store, const std::string& layer, const std::string& blob,
               const std::string& compression = "gzip") {
  const StoredBlob stored = store.put(blob);
  return {oci::Digest::of(layer), layer.size(), std::string(64, 'a'), compression, "zlib",
          stored.digest,          stored.size};
}

TEST_F(StoreTest, RemembersWhichBlobHoldsALayer) {
  const Store store(root());
  const LayerMap map(store);
  EXPECT_FALSE(map.find(oci::Digest::of("layer"), "gzip"));
  const Layer layer = layer_of(store, "layer", "compressed");
  EXPECT_EQ(map.record(layer), layer);
  EXPECT_EQ(map.find(oci::Digest::of("layer"), "gzip"), layer);
  EXPECT_FALSE(map.find(oci::Digest::of("layer"), "zstd"));
}

TEST_F(StoreTest, KeepsTheFirstBlobOfALayer) {
  const Store store(root());
  const LayerMap map(store);
  const Layer first = map.record(layer_of(store, "layer", "by zlib"));
  EXPECT_EQ(map.record(layer_of(store, "layer", "by another")), first);
  const Layer zstd = layer_of(store, "layer", "by zstd", "zstd");
  EXPECT_EQ(map.record(zstd), zstd);
  EXPECT_EQ(map.find(oci::Digest::of("layer"), "gzip"), first);
}

TEST_F(StoreTest, TakesAnotherBlobWhenTheFirstIsGoneOrCutShort) {
  const Store store(root());
  const LayerMap map(store);
  const Layer first = map.record(layer_of(store, "layer", "by zlib"));
  fs::resize_file(blob(first.digest), 3);
  EXPECT_FALSE(map.find(oci::Digest::of("layer"), "gzip"));
  const Layer second = layer_of(store, "layer", "by another");
  EXPECT_EQ(map.record(second), second);
  store.remove(second.digest);
  EXPECT_FALSE(map.find(oci::Digest::of("layer"), "gzip"));
}

TEST_F(StoreTest, TakesADamagedEntryForNone) {
  const Store store(root());
  const LayerMap map(store);
  const Layer layer = map.record(layer_of(store, "layer", "blob"));
  const fs::path file = root() / "layers" / (layer.diff_id.hex() + ".gzip.json");
  for (const char* text : {"", "{}", "[]", "{\"schema\": \"cairn/layer/1\", \"size\": \"x\"}"}) {
    write_file(file, text);
    EXPECT_FALSE(map.find(layer.diff_id, "gzip")) << text;
  }
  // An entry that was copied to the name of another layer.
  map.record(layer);
  fs::copy(file, root() / "layers" / (oci::Digest::of("other").hex() + ".gzip.json"));
  EXPECT_FALSE(map.find(oci::Digest::of("other"), "gzip"));
}

TEST_F(StoreTest, GivesAllProcessesTheSameFirstBlob) {
  {
    std::vector<std::unique_ptr<ChildProcess>> children;
    for (int process = 0; process < 6; ++process) {
      children.push_back(std::make_unique<ChildProcess>([&, process] {
        const Store store(root());
        const Layer layer = LayerMap(store).record(
            layer_of(store, "layer", "by process " + std::to_string(process)));
        write_file(root() / ("answer" + std::to_string(process)), layer.digest.to_string());
      }));
    }
    for (const auto& child : children)
      EXPECT_EQ(child->wait(), 0);
  }
  const Store store(root());
  const auto layer = LayerMap(store).find(oci::Digest::of("layer"), "gzip");
  ASSERT_TRUE(layer);
  for (int process = 0; process < 6; ++process) {
    EXPECT_EQ(read_file(root() / ("answer" + std::to_string(process))), layer->digest.to_string());
  }
}

}  // namespace
}  // namespace cairn::store
