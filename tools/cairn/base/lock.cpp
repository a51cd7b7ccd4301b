// SPDX-License-Identifier: BSD-3-Clause
#include "base/lock.hpp"

#include "base/error.hpp"
#include "base/process.hpp"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace cairn {
namespace {

// flock has no wait with a time limit that a signal handler without longjmp could end, so a
// waiter asks again: 20 ms is far below the time of any build it waits for.
constexpr std::chrono::milliseconds kAskAgain{20};

int open_lock_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) throw_errno("opening lock", path.string());
  return fd;
}

bool try_lock(int fd, const std::filesystem::path& path, int kind = LOCK_EX) {
  if (::flock(fd, kind | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK || errno == EINTR) return false;
  throw_errno("locking", path.string());
}

std::string read_holder(int fd) {
  char buffer[256];
  const ssize_t got = ::pread(fd, buffer, sizeof buffer, 0);
  return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : std::string();
}

void wait_for_lock(int fd, const std::filesystem::path& path, int kind,
                   const std::function<void(const std::string&)>& on_wait) {
  bool told = false;
  while (!try_lock(fd, path, kind)) {
    if (!told && on_wait) on_wait(read_holder(fd));
    told = true;
    check_interrupted();
    std::this_thread::sleep_for(kAskAgain);
  }
}

}  // namespace

std::filesystem::path lock_directory() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  const std::filesystem::path path =
      runtime != nullptr && *runtime != '\0'
          ? std::filesystem::path(runtime) / "cairn"
          : std::filesystem::path("/tmp/cairn-" + std::to_string(::getuid()));
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    throw_errno("making lock folder", path.string());
  }
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) throw_errno("reading lock folder", path.string());
  if (!S_ISDIR(info.st_mode) || info.st_uid != ::getuid() || (info.st_mode & 0022) != 0) {
    throw UserError("lock folder '" + path.string() + "' is not a private folder of this user",
                    "remove it, or set XDG_RUNTIME_DIR to a private folder");
  }
  return path;
}

FileLock::FileLock(const std::filesystem::path& path, const std::string& holder,
                   const std::function<void(const std::string&)>& on_wait)
    : fd_(open_lock_file(path)) {
  try {
    wait_for_lock(fd_, path, LOCK_EX, on_wait);
    if (::ftruncate(fd_, 0) != 0 ||
        ::pwrite(fd_, holder.data(), holder.size(), 0) != static_cast<ssize_t>(holder.size())) {
      throw_errno("writing lock", path.string());
    }
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

FileLock::~FileLock() {
  ::close(fd_);
}

SharedLock::SharedLock(const std::filesystem::path& path,
                       const std::function<void(const std::string&)>& on_wait)
    : fd_(open_lock_file(path)) {
  try {
    wait_for_lock(fd_, path, LOCK_SH, on_wait);
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

SharedLock::~SharedLock() {
  ::close(fd_);
}

Slot::Slot(const std::string& name, int count, const std::function<void()>& on_wait) {
  const std::filesystem::path folder = lock_directory();
  bool told = false;
  for (;;) {
    for (int i = 0; i < count; ++i) {
      const auto path = folder / (name + ".slot" + std::to_string(i));
      const int fd = open_lock_file(path);
      if (try_lock(fd, path)) {
        fd_ = fd;
        return;
      }
      ::close(fd);
    }
    if (!told && on_wait) on_wait();
    told = true;
    check_interrupted();
    std::this_thread::sleep_for(kAskAgain);
  }
}

Slot::~Slot() {
  ::close(fd_);
}

}  // namespace cairn
