// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cairn {

/// An open file descriptor that is closed when the object goes; -1 is none.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd = -1) : fd_(fd) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  int get() const { return fd_; }
  /// Gives it out of hand, unclosed.
  int release();
  /// Closes it now.
  void reset();

 private:
  int fd_;
};

/// read(2) of at most `most` bytes, begun again after a signal; 0 at the end. Throws Error
/// `reading <what>: …`.
std::size_t read_some(int fd, char* buffer, std::size_t most, const std::string& what);

/// All from where `fd` stands to its end. Throws as read_some.
std::string read_to_end(int fd, const std::string& what);

/// Writes every byte. Throws Error `<doing> '<what>': …` (full disk).
void write_all(int fd, std::string_view bytes, const std::string& doing, const std::string& what);

}  // namespace cairn
