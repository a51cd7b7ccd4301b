// SPDX-License-Identifier: BSD-3-Clause
#include "store/store.hpp"

#include "store_fixture.hpp"

#include <sys/stat.h>

namespace cairn::store {
namespace {

TEST_F(StoreTest, IsAnOciImageLayout) {
  const Store store(root());
  EXPECT_EQ(read_json(root() / "oci/oci-layout"),
            Json::parse(R"({"imageLayoutVersion": "1.0.0"})"));
  EXPECT_EQ(read_json(root() / "oci/index.json"), Json::parse(R"({"schemaVersion": 2,
    "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": []})"));
  EXPECT_TRUE(fs::is_directory(root() / "oci/blobs/sha256"));
}

TEST_F(StoreTest, LeavesAnIndexThatIsThere) {
  write_file(root() / "oci/index.json", "{\"manifests\": [1]}");
  const Store store(root());
  EXPECT_EQ(read_file(root() / "oci/index.json"), "{\"manifests\": [1]}");
}

TEST_F(StoreTest, RefusesALayoutOfAnotherVersion) {
  write_file(root() / "oci/oci-layout", "{\"imageLayoutVersion\": \"2.0.0\"}");
  EXPECT_EQ(thrown_by([&] { const Store store(root()); }),
            "store: '@/oci/oci-layout' says no image layout of version 1\n"
            "hint: name another folder: cmake -DCAIRN_STORE=<folder> -B <build folder>");
}

TEST_F(StoreTest, MayStandBehindALink) {
  fs::create_directory(root().parent_path() / "disk");
  fs::create_directory_symlink(root().parent_path() / "disk", root());
  const Store store(root());
  EXPECT_TRUE(fs::exists(root().parent_path() / "disk/oci/oci-layout"));
}

TEST_F(StoreTest, RefusesLinksInside) {
  for (const char* folder : {"oci", "oci/blobs", "oci/blobs/sha256", "layers", "incoming"}) {
    fs::remove_all(root());
    const fs::path outside = root().parent_path() / "outside";
    fs::create_directories(outside);
    fs::create_directories((root() / folder).parent_path());
    fs::create_directory_symlink(outside, root() / folder);
    const std::string path = std::string("'@/") + folder + "'";
    EXPECT_EQ(thrown_by([&] { const Store store(root()); }),
              "store: " + path + " is a symbolic link where a folder is expected\n" +
                  "hint: look at it, and remove it: rm " + path);
    EXPECT_TRUE(fs::is_empty(outside));
  }
}

TEST_F(StoreTest, RefusesBlobsThatAreNoFiles) {
  const Store store(root());
  const oci::Digest digest = oci::Digest::of("secret");
  write_file(root().parent_path() / "secret", "secret");
  fs::create_symlink(root().parent_path() / "secret", blob(digest));
  const std::string path = "'@/oci/blobs/sha256/" + digest.hex() + "'";
  const std::string refused = "store: " + path + " is a symbolic link where a file is expected\n" +
                              "hint: look at it, and remove it: rm " + path;
  EXPECT_EQ(thrown_by([&] { store.read(digest, 100); }), refused);
  EXPECT_EQ(thrown_by([&] { store.take(digest, 6); }), refused);
  EXPECT_EQ(thrown_by([&] { store.list(); }), refused);
  fs::remove(blob(digest));
  // Nobody ever writes to it: whoever opened it to read would wait for ever.
  ASSERT_EQ(::mkfifo(blob(digest).c_str(), 0600), 0);
  EXPECT_EQ(thrown_by([&] { store.read(digest, 100); }),
            "store: " + path + " is something else where a file is expected\n" +
                "hint: look at it, and remove it: rm " + path);
}

TEST_F(StoreTest, ReplacesALinkInsteadOfWritingThroughIt) {
  const Store store(root());
  const oci::Digest digest = oci::Digest::of("new");
  write_file(root().parent_path() / "outside", "old");
  fs::create_symlink(root().parent_path() / "outside", blob(digest));
  store.put("new");
  EXPECT_EQ(read_file(root().parent_path() / "outside"), "old");
  EXPECT_EQ(store.read(digest, 100), "new");
}

TEST_F(StoreTest, ListsBlobsAndRefusesStrangers) {
  const Store store(root());
  store.put("a");
  ASSERT_EQ(store.list().size(), 1U);
  EXPECT_EQ(store.list()[0].digest, oci::Digest::of("a"));
  EXPECT_EQ(store.list()[0].size, 1U);
  write_file(root() / "oci/blobs/sha256/notes.txt", "mine");
  EXPECT_EQ(thrown_by([&] { store.list(); }),
            "store: '@/oci/blobs/sha256/notes.txt' is no blob\n"
            "hint: look at it, and move it out of the store");
}

}  // namespace
}  // namespace cairn::store
