// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace cairn {

/// The local folder for locks: $XDG_RUNTIME_DIR/cairn, else /tmp/cairn-<uid> (0700, owner
/// checked). Never on a network file system by default, where flock cannot be trusted.
std::filesystem::path lock_directory();

/// An exclusive flock(2) on a file, held until the object goes or the process dies.
class FileLock {
 public:
  /// Waits for the lock. `on_wait` is called once, with what the holder wrote about itself,
  /// when it is not free at once. `holder` is what we write about ourselves.
  FileLock(const std::filesystem::path& path, const std::string& holder,
           const std::function<void(const std::string&)>& on_wait);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_ = -1;
};

/// A shared flock(2) on a file: any number of holders at once, none while there is a FileLock on
/// it. Held until the object goes or the process dies.
class SharedLock {
 public:
  /// Waits for the lock; `on_wait` as for FileLock.
  SharedLock(const std::filesystem::path& path,
             const std::function<void(const std::string&)>& on_wait);
  ~SharedLock();
  SharedLock(const SharedLock&) = delete;
  SharedLock& operator=(const SharedLock&) = delete;

 private:
  int fd_ = -1;
};

/// One of `count` slots named `name`, shared by all build folders of this user on this machine:
/// how limits on builds and tests at once hold everywhere. Freed when the object goes or the
/// process dies.
class Slot {
 public:
  /// Waits for a free slot; `on_wait` is called once when none is free at once.
  Slot(const std::string& name, int count, const std::function<void()>& on_wait);
  ~Slot();
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace cairn
