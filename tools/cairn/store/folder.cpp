// SPDX-License-Identifier: BSD-3-Clause
#include "store/folder.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace cairn::store {

Folder Folder::open(const std::filesystem::path& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) throw_errno("opening store", path.string());
  return {std::move(fd), path};
}

Folder Folder::below(const std::string& name) const {
  if (::mkdirat(fd(), name.c_str(), 0755) != 0 && errno != EEXIST) {
    throw_errno("making folder", (path_ / name).string());
  }
  FileDescriptor fd(
      ::openat(this->fd(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (fd.get() < 0 && (errno == ELOOP || errno == ENOTDIR)) refuse(name, "a folder");
  if (fd.get() < 0) throw_errno("opening folder", (path_ / name).string());
  return {std::move(fd), path_ / name};
}

std::optional<FileFacts> Folder::facts(const std::string& name) const {
  struct stat info {};
  if (::fstatat(fd(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::nullopt;
    throw_errno("reading", (path_ / name).string());
  }
  if (!S_ISREG(info.st_mode)) refuse(name, "a file");
  return FileFacts{static_cast<std::uint64_t>(info.st_size), info.st_mtim.tv_sec};
}

std::optional<FileDescriptor> Folder::open_file(const std::string& name) const {
  // A FIFO must not hold us up before it is seen to be one.
  FileDescriptor fd(
      ::openat(this->fd(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (fd.get() < 0) {
    if (errno == ENOENT) return std::nullopt;
    if (errno == ELOOP) refuse(name, "a file");
    throw_errno("reading", (path_ / name).string());
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) throw_errno("reading", (path_ / name).string());
  if (!S_ISREG(info.st_mode)) refuse(name, "a file");
  return fd;
}

std::optional<std::string> Folder::read(const std::string& name) const {
  const auto file = open_file(name);
  if (!file) return std::nullopt;
  return read_to_end(file->get(), (path_ / name).string());
}

void Folder::write(const std::string& name, const std::string& content) const {
  // By the open folder, not by its path: that may have become a link meanwhile.
  write_file("/proc/self/fd/" + std::to_string(fd()) + "/" + name, content);
}

bool Folder::remove(const std::string& name) const {
  if (::unlinkat(fd(), name.c_str(), 0) == 0) return true;
  if (errno == ENOENT) return false;
  throw_errno("removing", (path_ / name).string());
}

bool Folder::touch(const std::string& name) const {
  if (::utimensat(fd(), name.c_str(), nullptr, AT_SYMLINK_NOFOLLOW) == 0) return true;
  if (errno == ENOENT) return false;
  // Another user's file in a shared store: it is as young as it is.
  if (errno == EPERM || errno == EACCES) return true;
  throw_errno("touching", (path_ / name).string());
}

std::vector<std::string> Folder::names() const {
  const int copy = ::openat(fd(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* entries = copy < 0 ? nullptr : ::fdopendir(copy);
  if (entries == nullptr) throw_errno("listing", path_.string());
  std::vector<std::string> found;
  while (const dirent* entry = ::readdir(entries)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") found.push_back(name);
  }
  ::closedir(entries);
  std::sort(found.begin(), found.end());
  return found;
}

void Folder::refuse(const std::string& name, const char* expected) const {
  const std::string path = (path_ / name).string();
  std::error_code ignored;
  const bool link = std::filesystem::is_symlink(path, ignored);
  throw UserError("store: '" + path + "' is " + (link ? "a symbolic link" : "something else") +
                      " where " + expected + " is expected",
                  "look at it, and remove it: rm '" + path + "'");
}

}  // namespace cairn::store
