// SPDX-License-Identifier: BSD-3-Clause
#include "base/descriptor.hpp"

#include "base/error.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace cairn {

FileDescriptor::~FileDescriptor() {
  reset();
}

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

int FileDescriptor::release() {
  return std::exchange(fd_, -1);
}

void FileDescriptor::reset() {
  if (fd_ >= 0) ::close(release());
}

std::size_t read_some(int fd, char* buffer, std::size_t most, const std::string& what) {
  for (;;) {
    const ssize_t got = ::read(fd, buffer, most);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) throw_errno("reading", what);
  }
}

std::string read_to_end(int fd, const std::string& what) {
  std::string content;
  struct stat info {};
  if (::fstat(fd, &info) == 0 && info.st_size > 0) {
    content.reserve(static_cast<std::size_t>(info.st_size) + 1);
  }
  char buffer[65536];
  while (const std::size_t got = read_some(fd, buffer, sizeof buffer, what))
    content.append(buffer, got);
  return content;
}

void write_all(int fd, std::string_view bytes, const std::string& doing, const std::string& what) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw_errno(doing, what);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

}  // namespace cairn
