// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/record_store.hpp"

#include "base/file.hpp"
#include "stack/model/refresh.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

ImageRecord record_of(const std::string& key, const std::string& id) {
  ImageRecord record;
  record.build_key = key;
  record.engine_id = id;
  return record;
}

class Store : public ::testing::Test {
 protected:
  const fs::path& root() const { return folder_.path(); }

 private:
  TempDir folder_{"cairn-store-test-"};

 protected:
  RecordStore store{root(), "engine A"};
};

TEST_F(Store, FindsWhatWasFiledUnderTheKey) {
  EXPECT_FALSE(store.find("k"));
  store.file(record_of("k", "one"));
  store.file(record_of("l", "two"));
  ASSERT_TRUE(store.find("k"));
  EXPECT_EQ(store.find("k")->engine_id, "one");
  store.file(record_of("k", "three"));
  EXPECT_EQ(store.find("k")->engine_id, "three");
}

TEST_F(Store, EachEndpointHasItsOwn) {
  store.file(record_of("k", "one"));
  EXPECT_FALSE(RecordStore(root(), "engine B").find("k"));
  EXPECT_TRUE(RecordStore(root(), "engine A").find("k"));
}

TEST_F(Store, ADamagedRecordIsNoneAndIsWrittenAnew) {
  store.file(record_of("k", "one"));
  fs::path file;
  for (const auto& entry : fs::recursive_directory_iterator(root())) {
    if (entry.path().filename() == "k.json") file = entry.path();
  }
  ASSERT_FALSE(file.empty());
  for (const char* text : {"", "{", "[]", R"({"schema": "cairn/image-record/2"})",
                           R"({"schema": "cairn/image-record/1"})"}) {
    write_file(file, text);
    EXPECT_FALSE(store.find("k")) << text;
  }
  store.file(record_of("k", "two"));
  EXPECT_EQ(store.find("k")->engine_id, "two");
}

TEST_F(Store, RefreshIsKnownByEndpointImagePlatformAndPeriod) {
  BuildDescription image;
  image.stack = "s";
  image.target = "t";
  image.platform = oci::Platform::parse("linux/amd64");
  EXPECT_FALSE(was_refreshed(root(), "A", image, "2026-W48"));
  note_refreshed(root(), "A", image, "2026-W48");
  EXPECT_TRUE(was_refreshed(root(), "A", image, "2026-W48"));
  EXPECT_FALSE(was_refreshed(root(), "A", image, "2026-W49"));
  EXPECT_FALSE(was_refreshed(root(), "B", image, "2026-W48"));
  BuildDescription other = image;
  other.platform = oci::Platform::parse("linux/arm64");
  EXPECT_FALSE(was_refreshed(root(), "A", other, "2026-W48"));
  other = image;
  other.target = "u";
  EXPECT_FALSE(was_refreshed(root(), "A", other, "2026-W48"));
}

}  // namespace
}  // namespace cairn::stack
