// SPDX-License-Identifier: BSD-3-Clause
#include "store_fixture.hpp"

#include <csignal>
#include <sys/resource.h>

namespace cairn::store {
namespace {

using testing::ChildProcess;
using testing::eventually;

TEST_F(StoreTest, KeepsBlobsUnderTheirDigest) {
  const Store store(root());
  BlobWriter writer = store.writer();
  writer.write("hello ");
  writer.write("world");
  EXPECT_TRUE(store.list().empty());
  const StoredBlob stored = writer.commit(oci::Digest::of("hello world"));
  EXPECT_EQ(stored.digest, oci::Digest::of("hello world"));
  EXPECT_EQ(stored.size, 11U);
  EXPECT_EQ(read_file(blob(stored.digest)), "hello world");
  EXPECT_EQ(store.read(stored.digest, 100), "hello world");
  EXPECT_TRUE(fs::is_empty(root() / "incoming"));
}

TEST_F(StoreTest, HasNothingThatWasNotStored) {
  const Store store(root());
  EXPECT_FALSE(store.read(oci::Digest::of("x"), 100));
  EXPECT_FALSE(store.open(oci::Digest::of("x")));
  EXPECT_FALSE(store.size_of(oci::Digest::of("x")));
  EXPECT_FALSE(store.take(oci::Digest::of("x"), 1));
}

TEST_F(StoreTest, DropsABlobThatIsNotAsExpected) {
  const Store store(root());
  BlobWriter writer = store.writer();
  writer.write("other");
  EXPECT_EQ(thrown_by([&] { writer.commit(oci::Digest::of("mine")); }),
            "a blob has digest '" + oci::Digest::of("other").to_string() + "', expected '" +
                oci::Digest::of("mine").to_string() + "'");
  EXPECT_TRUE(store.list().empty());
}

TEST_F(StoreTest, FindsATruncatedBlobAndRemovesIt) {
  const Store store(root());
  const oci::Digest digest = store.put("0123456789").digest;
  fs::resize_file(blob(digest), 5);
  EXPECT_EQ(thrown_by([&] { store.open(digest, 10); }),
            "blob '" + digest.to_string() +
                "' of the store is bad: it has 5 bytes, expected 10\n"
                "hint: it has been removed; make it again: cairn export");
  EXPECT_FALSE(fs::exists(blob(digest)));
  store.put("0123456789");
  fs::resize_file(blob(digest), 5);
  EXPECT_FALSE(store.take(digest, 10));
  EXPECT_FALSE(fs::exists(blob(digest)));
}

TEST_F(StoreTest, FindsAChangedBlobWhileItIsReadAndRemovesIt) {
  const Store store(root());
  const oci::Digest digest = store.put("0123456789").digest;
  write_file(blob(digest), "0123456780");
  auto reader = store.open(digest, 10);
  ASSERT_TRUE(reader);
  std::array<char, 100> buffer{};
  EXPECT_EQ(reader->read(buffer), 10U);
  EXPECT_EQ(thrown_by([&] { reader->read(buffer); }),
            "blob '" + digest.to_string() + "' of the store is bad: its bytes hash to '" +
                oci::Digest::of("0123456780").to_string() + "'\n" +
                "hint: it has been removed; make it again: cairn export");
  EXPECT_FALSE(fs::exists(blob(digest)));
}

TEST_F(StoreTest, LeavesAGoodBlobThatTookABadOnesPlace) {
  const Store store(root());
  const oci::Digest digest = store.put("0123456789").digest;
  write_file(blob(digest), "0123456780");
  auto reader = store.open(digest);
  store.put("0123456789");
  std::array<char, 100> buffer{};
  reader->read(buffer);
  EXPECT_THROW(reader->read(buffer), BadBlob);
  EXPECT_EQ(store.read(digest, 100), "0123456789");
}

TEST_F(StoreTest, MendsABadBlobByStoringItAgain) {
  const Store store(root());
  const oci::Digest digest = store.put("0123456789").digest;
  write_file(blob(digest), "0123456780");
  store.put("0123456789");
  EXPECT_EQ(store.read(digest, 100), "0123456789");
}

TEST_F(StoreTest, RefusesDocumentsThatAreTooLong) {
  const Store store(root());
  const oci::Digest digest = store.put("0123456789").digest;
  EXPECT_EQ(thrown_by([&] { store.read(digest, 9); }),
            "blob '" + digest.to_string() + "' of the store has 10 bytes, allowed are 9");
  EXPECT_TRUE(fs::exists(blob(digest)));
}

TEST_F(StoreTest, ShowsNothingOfABlobWhoseWriterWasKilled) {
  const Store store(root());
  const fs::path mark = root() / "mark";
  ChildProcess child([&] {
    BlobWriter writer = store.writer();
    writer.write(std::string(100000, 'x'));
    write_file(mark, "");
    for (;;)
      ::pause();
  });
  ASSERT_TRUE(eventually([&] { return fs::exists(mark); }));
  child.kill();
  EXPECT_TRUE(store.list().empty());
  EXPECT_FALSE(fs::is_empty(root() / "incoming"));
  store.put(std::string(100000, 'x'));
  EXPECT_EQ(store.list().size(), 1U);
}

TEST_F(StoreTest, ShowsNothingOfABlobThatDidNotFit) {
  const Store store(root());
  const std::string text = testing::in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{50000, 50000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    return thrown_by([&] { store.put(std::string(100000, 'x')); });
  });
  EXPECT_EQ(text, "writing a blob into '@/incoming': File too large");
  EXPECT_TRUE(store.list().empty());
  EXPECT_TRUE(fs::is_empty(root() / "incoming"));
}

void put_twenty(const Store& store) {
  for (int i = 0; i < 20; ++i)
    store.put(std::string(static_cast<std::size_t>(20000 + i), 'a'));
}

TEST_F(StoreTest, IsWrittenByManyProcessesAtOnce) {
  const auto work = [&] {
    const Store store(root());
    for (int round = 0; round < 5; ++round) {
      put_twenty(store);
      // What is listed is whole, at any time.
      for (const ListedBlob& one : store.list()) {
        if (!store.read(one.digest, 100000)) ::_exit(1);
      }
    }
  };
  {
    std::vector<std::unique_ptr<ChildProcess>> children;
    for (int process = 0; process < 6; ++process)
      children.push_back(std::make_unique<ChildProcess>(work));
    for (const auto& child : children)
      EXPECT_EQ(child->wait(), 0);
  }
  const Store store(root());
  EXPECT_EQ(store.list().size(), 20U);
  EXPECT_TRUE(fs::is_empty(root() / "incoming"));
}

}  // namespace
}  // namespace cairn::store
