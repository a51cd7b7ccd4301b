// SPDX-License-Identifier: BSD-3-Clause
#include "base/lock.hpp"

#include "../../support/in_child.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace cairn {
namespace {

namespace fs = std::filesystem;
using testing::ChildProcess;
using testing::eventually;

/// Locks in a world of their own.
class Lock : public ::testing::Test {
 protected:
  Lock() { ::setenv("XDG_RUNTIME_DIR", folder_.path().c_str(), 1); }
  ~Lock() override { ::unsetenv("XDG_RUNTIME_DIR"); }

  fs::path path(const std::string& name) const { return folder_.path() / name; }

  /// Another process that says `held` once it has what `take` takes, and then sleeps.
  std::unique_ptr<ChildProcess> holder(
      const std::string& mark, const std::function<void(const std::function<void()>&)>& take) {
    auto child = std::make_unique<ChildProcess>([&] {
      take([&] {
        std::ofstream(path(mark)) << "held";
        for (;;)
          ::pause();
      });
    });
    EXPECT_TRUE(eventually([&] { return fs::exists(path(mark)); }));
    return child;
  }

  std::unique_ptr<ChildProcess> lock_holder() {
    return holder("mark", [&](const auto& hold) {
      const FileLock lock(path("lock"), "the other", nullptr);
      hold();
    });
  }
  std::unique_ptr<ChildProcess> slot_holder(const std::string& mark) {
    return holder(mark, [&](const auto& hold) {
      const Slot slot("build", 2, nullptr);
      hold();
    });
  }

  TempDir folder_{"cairn-lock-"};
};

TEST_F(Lock, IsFreedWhenItsHolderIsKilled) {
  const auto child = lock_holder();
  std::string waited_for;
  const FileLock lock(path("lock"), "us", [&](const std::string& who) {
    waited_for = who;
    child->kill();
  });
  EXPECT_EQ(waited_for, "the other");
}

TEST_F(Lock, SaysNothingWhenItIsFree) {
  int waits = 0;
  for (int i = 0; i < 2; ++i) {
    const FileLock lock(path("lock"), "a much longer name than the next", [&](auto&) { ++waits; });
  }
  EXPECT_EQ(waits, 0);
  { const FileLock lock(path("lock"), "short", nullptr); }
  EXPECT_EQ(read_file(path("lock")), "short") << "of an older holder's name nothing may remain";
}

TEST_F(Lock, ExcludesThreadsOfOneProcess) {
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 5; ++n) {
        const FileLock lock(path("lock"), "us", nullptr);
        most = std::max(most.load(), ++inside);
        std::this_thread::yield();
        --inside;
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(most, 1);
}

TEST_F(Lock, IsNotGivenToChildrenOfItsHolder) {
  // A daemon that an engine starts must not hold our lock for ever.
  std::string left;
  {
    const FileLock lock(path("lock"), "us", nullptr);
    left = testing::in_child([&] {
      for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const fs::path target = fs::read_symlink(entry.path(), gone);
        if (gone || target != fs::canonical(path("lock"))) continue;
        std::ifstream info("/proc/self/fdinfo/" + entry.path().filename().string());
        std::string text((std::istreambuf_iterator<char>(info)), {});
        return text.substr(text.find("flags:"), text.find("mnt_id") - text.find("flags:"));
      }
      return std::string("not open");
    });
  }
  const std::string flags = trim(left.substr(left.find(':') + 1));
  EXPECT_NE(std::stoul(flags, nullptr, 8) & 02000000UL, 0U) << "opened without O_CLOEXEC: " << left;
}

TEST_F(Lock, DoesNotFollowALink) {
  fs::create_symlink(path("elsewhere"), path("lock"));
  EXPECT_THROW(FileLock(path("lock"), "us", nullptr), Error);
  EXPECT_FALSE(fs::exists(path("elsewhere")));
}

TEST_F(Lock, SlotsAreCountedAcrossProcesses) {
  const auto first = slot_holder("first");
  const auto second = slot_holder("second");
  int waits = 0;
  const Slot slot("build", 2, [&] {
    ++waits;
    first->kill();
  });
  EXPECT_EQ(waits, 1);
}

TEST_F(Lock, SlotsOfAnotherNameAreFree) {
  const auto first = slot_holder("first");
  const auto second = slot_holder("second");
  int waits = 0;
  const Slot slot("test", 1, [&] { ++waits; });
  EXPECT_EQ(waits, 0);
}

TEST_F(Lock, TheFolderIsPrivate) {
  const fs::path folder = lock_directory();
  EXPECT_EQ(folder, path("cairn"));
  struct stat info {};
  ASSERT_EQ(::stat(folder.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
}

TEST_F(Lock, RefusesAFolderThatOthersMayWrite) {
  fs::create_directory(path("cairn"));
  fs::permissions(path("cairn"), fs::perms::all);
  try {
    lock_directory();
    FAIL() << "it was taken";
  } catch (const UserError& error) {
    EXPECT_EQ(std::string(error.what()),
              "lock folder '" + path("cairn").string() + "' is not a private folder of this user");
    EXPECT_EQ(error.hint(), "remove it, or set XDG_RUNTIME_DIR to a private folder");
  }
}

TEST_F(Lock, RefusesAFolderThatIsALink) {
  fs::create_directory(path("theirs"));
  fs::create_directory_symlink(path("theirs"), path("cairn"));
  EXPECT_THROW(lock_directory(), UserError);
}

TEST_F(Lock, IsSharedByAnyNumberAndByNobodyBesideAFileLock) {
  const auto other = holder("shared", [&](const auto& hold) {
    const SharedLock lock(path("lock"), nullptr);
    hold();
  });
  std::optional<SharedLock> mine(std::in_place, path("lock"), nullptr);
  std::atomic<bool> waits = false;
  std::atomic<bool> alone = false;
  std::thread cleaner([&] {
    const FileLock lock(path("lock"), "", [&](const std::string&) { waits = true; });
    alone = true;
  });
  EXPECT_TRUE(eventually([&] { return waits.load(); }));
  EXPECT_FALSE(alone);
  mine.reset();
  EXPECT_FALSE(alone);
  other->kill();
  EXPECT_TRUE(eventually([&] { return alone.load(); }));
  cleaner.join();
}

}  // namespace
}  // namespace cairn
