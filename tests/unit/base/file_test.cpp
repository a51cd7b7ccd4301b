// SPDX-License-Identifier: BSD-3-Clause
#include "base/file.hpp"

#include "../../support/in_child.hpp"
#include "base/error.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace cairn {
namespace {

namespace fs = std::filesystem;
using testing::in_child;

std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::size_t count_entries(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

struct stat stat_of(const fs::path& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0);
  return info;
}

TEST(File, KeepsEveryByte) {
  const TempDir folder("cairn-file-");
  std::string content("a\0b\r\n\xff", 6);
  content.append(200000, 'x');
  write_file(folder.path() / "new/sub/file", content);
  EXPECT_EQ(read_file(folder.path() / "new/sub/file"), content);
}

TEST(File, LeavesTheOldBytesWhenTheDiskIsFull) {
  const TempDir folder("cairn-file-");
  const fs::path path = folder.path() / "file";
  write_file(path, "old");
  EXPECT_EQ(in_child([&] {
              // A limit on file sizes fails as a full disk does, half-way through.
              ::signal(SIGXFSZ, SIG_IGN);
              const struct rlimit limit { 100000, 100000 };
              ::setrlimit(RLIMIT_FSIZE, &limit);
              return error_of([&] { write_file(path, std::string(200000, 'n')); });
            }),
            "writing '" + path.string() + "': File too large");
  EXPECT_EQ(read_file(path), "old");
  EXPECT_EQ(count_entries(folder.path()), 1U) << "a temporary file is left";
}

TEST(File, SaysWhatCannotBeWritten) {
  const TempDir folder("cairn-file-");
  fs::create_directory(folder.path() / "taken");
  EXPECT_EQ(error_of([&] { write_file(folder.path() / "taken", "x"); }),
            "writing '" + (folder.path() / "taken").string() + "': Is a directory");
  write_file(folder.path() / "file", "");
  EXPECT_EQ(error_of([&] { write_file(folder.path() / "file/below", "x"); }),
            "making folder '" + (folder.path() / "file").string() + "': Not a directory");
  EXPECT_EQ(count_entries(folder.path()), 2U);
}

TEST(File, SaysWhatCannotBeRead) {
  const TempDir folder("cairn-file-");
  EXPECT_EQ(error_of([&] { read_file(folder.path() / "none"); }),
            "reading '" + (folder.path() / "none").string() + "': No such file or directory");
  EXPECT_EQ(error_of([&] { read_file(folder.path()); }),
            "reading '" + folder.path().string() + "': Is a directory");
}

TEST(File, TellsAbsentFromUnreadable) {
  const TempDir folder("cairn-file-");
  write_file(folder.path() / "file", "");
  EXPECT_EQ(read_file_if_present(folder.path() / "none"), std::nullopt);
  EXPECT_EQ(read_file_if_present(folder.path() / "file/below"), std::nullopt);
  EXPECT_EQ(read_file_if_present(folder.path() / "file"), "");
  EXPECT_THROW(read_file_if_present(folder.path()), Error);
  fs::create_symlink("loop", folder.path() / "loop");
  EXPECT_THROW(read_file_if_present(folder.path() / "loop"), Error);
}

TEST(File, LeavesAnEqualFileUntouched) {
  const TempDir folder("cairn-file-");
  const fs::path path = folder.path() / "file";
  EXPECT_TRUE(write_file_if_changed(path, "one"));
  const struct stat before = stat_of(path);
  EXPECT_FALSE(write_file_if_changed(path, "one"));
  const struct stat same = stat_of(path);
  EXPECT_EQ(same.st_ino, before.st_ino);
  EXPECT_EQ(same.st_ctim.tv_nsec, before.st_ctim.tv_nsec);
  EXPECT_TRUE(write_file_if_changed(path, "two"));
  EXPECT_NE(stat_of(path).st_ino, before.st_ino);
}

TEST(File, ReadersNeverSeeHalf) {
  const TempDir folder("cairn-file-");
  const fs::path path = folder.path() / "file";
  const std::string a(300000, 'a');
  const std::string b(300000, 'b');
  write_file(path, a);
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 0; !stop; ++i)
      write_file(path, i % 2 == 0 ? b : a);
  });
  for (int i = 0; i < 200; ++i) {
    const std::string seen = read_file(path);
    EXPECT_TRUE(seen == a || seen == b) << "read " << seen.size() << " bytes";
  }
  stop = true;
  writer.join();
}

TEST(File, IsReadableByOthersWhateverTheUmask) {
  const TempDir folder("cairn-file-");
  const mode_t old = ::umask(0077);
  write_file(folder.path() / "file", "x");
  ::umask(old);
  EXPECT_EQ(stat_of(folder.path() / "file").st_mode & 0777U, 0644U);
}

TEST(TempDir, GoesWithAllItHolds) {
  fs::path path;
  {
    const TempDir folder("cairn-file-");
    path = folder.path();
    write_file(path / "a/b/c", "x");
    fs::create_symlink("/", path / "a/root");
    EXPECT_EQ(stat_of(path).st_mode & 0777U, 0700U);
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(fs::exists("/etc")) << "links are not followed";
}

}  // namespace
}  // namespace cairn
