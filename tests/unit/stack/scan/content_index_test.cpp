// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/content_index.hpp"

#include "base/file.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

class ContentIndexTest : public ::testing::Test {
 protected:
  fs::path write(const std::string& name, const std::string& content) {
    const fs::path path = folder_.path() / name;
    write_file(path, content);
    return path;
  }

  static void set_time(const fs::path& path, std::int64_t seconds) {
    const struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  }

  static WatchedPath watch(const fs::path& path, bool trusted) {
    return {path.string(), stamp_at(AT_FDCWD, path.c_str()), {}, trusted};
  }

  TempDir folder_{"cairn-index-test-"};
};

TEST_F(ContentIndexTest, NoticesAnEditThatPutsSizeAndTimeBack) {
  const fs::path path = write("file", "one");
  set_time(path, 1'000'000'000);
  const PathStamp before = stamp_at(AT_FDCWD, path.c_str());
  const int fd = ::open(path.c_str(), O_WRONLY);
  ASSERT_GE(fd, 0);
  ASSERT_EQ(::write(fd, "two", 3), 3);
  ::close(fd);
  set_time(path, 1'000'000'000);
  const PathStamp after = stamp_at(AT_FDCWD, path.c_str());
  EXPECT_EQ(before.size, after.size);
  EXPECT_EQ(before.mtime_ns, after.mtime_ns);
  EXPECT_FALSE(before == after);
}

TEST_F(ContentIndexTest, HoldsWhileEveryTrustedStampDoes) {
  const fs::path path = write("file", "content");
  Snapshot snapshot;
  snapshot.key_text = "key";
  snapshot.watched.push_back(watch(path, true));
  snapshot.watched.push_back(watch(folder_.path() / "absent", true));
  EXPECT_TRUE(is_unchanged(serialise(snapshot)));
  write("absent", "now there");
  EXPECT_FALSE(is_unchanged(serialise(snapshot)));
}

TEST_F(ContentIndexTest, LooksAgainAtWhatIsNotTrusted) {
  Snapshot snapshot;
  snapshot.watched.push_back(watch(write("file", "content"), false));
  EXPECT_FALSE(is_unchanged(serialise(snapshot)));
}

TEST_F(ContentIndexTest, GivesBackWhatWasWritten) {
  Snapshot snapshot;
  snapshot.context = folder_.path().string();
  snapshot.key_text = std::string("odd\n\0name", 9);
  snapshot.engine_id = "sha256:ab";
  snapshot.bases.emplace_back("debian:12", "sha256:cd");
  snapshot.watched.push_back({"a\nb \xff", {}, {}, true});
  const std::string bytes = serialise(snapshot);
  const fs::path file = folder_.path() / "index";
  ContentIndex::write(file, {{"/image", bytes}});
  const ContentIndex index(file);
  ASSERT_TRUE(index.find("/image"));
  const Snapshot read = deserialise(*index.find("/image"));
  EXPECT_EQ(read.key_text, snapshot.key_text);
  EXPECT_EQ(read.bases, snapshot.bases);
  EXPECT_EQ(read.watched.at(0).path, "a\nb \xff");
  EXPECT_FALSE(index.find("/another"));
}

TEST_F(ContentIndexTest, TakesADamagedFileAsNone) {
  const fs::path file = folder_.path() / "index";
  ContentIndex::write(file, {{"/image", serialise(Snapshot{})}});
  const std::string whole = read_file(file);
  for (std::size_t length = 0; length < whole.size(); length += 3) {
    write_file(file, whole.substr(0, length));
    EXPECT_FALSE(ContentIndex(file).find("/image")) << length;
  }
  write_file(file, "something else entirely, and longer than a first line");
  EXPECT_FALSE(ContentIndex(file).find("/image"));
}

TEST_F(ContentIndexTest, FollowsLinksToTheirEnd) {
  write("real", "content");
  fs::create_symlink("real", folder_.path() / "middle");
  fs::create_symlink(folder_.path() / "middle", folder_.path() / "first");
  const auto chain = link_chain((folder_.path() / "first").string());
  ASSERT_EQ(chain.size(), 3U);
  EXPECT_EQ(chain.back().second.kind, PathKind::file);
}

TEST_F(ContentIndexTest, EndsInACircleOfLinks) {
  fs::create_symlink("b", folder_.path() / "a");
  fs::create_symlink("a", folder_.path() / "b");
  EXPECT_EQ(link_chain((folder_.path() / "a").string()).size(), 40U);
}

}  // namespace
}  // namespace cairn::stack
