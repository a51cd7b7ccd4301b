// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::store {

/// A plain file of a Folder.
struct FileFacts {
  std::uint64_t size = 0;
  std::int64_t modified = 0;  ///< seconds since 1970
};

/// An open folder of the store. Its files are reached through it and never through a symbolic
/// link, so that nothing that was put into a store leads out of it. Every method throws Error when
/// the system refuses, and UserError where a link or something else than a file or folder stands.
class Folder {
 public:
  /// Opens `path`, which the user named: it may be a link itself. Made when absent.
  static Folder open(const std::filesystem::path& path);
  /// Opens or makes the folder `name` in this one.
  Folder below(const std::string& name) const;

  const std::filesystem::path& path() const { return path_; }
  int fd() const { return fd_.get(); }

  /// The file `name`, or nothing when there is none.
  std::optional<FileFacts> facts(const std::string& name) const;
  /// Opens `name` for reading; nothing when there is none.
  std::optional<FileDescriptor> open_file(const std::string& name) const;
  std::optional<std::string> read(const std::string& name) const;
  /// Writes a whole small file: readers see the old bytes or the new ones.
  void write(const std::string& name, const std::string& content) const;
  /// False when it was gone already.
  bool remove(const std::string& name) const;
  /// Makes `name` as young as if it had just been written; false when it is gone.
  bool touch(const std::string& name) const;
  /// Names of all entries, sorted.
  std::vector<std::string> names() const;

 private:
  Folder(FileDescriptor fd, std::filesystem::path path)
      : fd_(std::move(fd)), path_(std::move(path)) {}
  [[noreturn]] void refuse(const std::string& name, const char* expected) const;

  FileDescriptor fd_;
  std::filesystem::path path_;
};

}  // namespace cairn::store
