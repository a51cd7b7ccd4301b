// SPDX-License-Identifier: BSD-3-Clause
#include "base/file.hpp"

#include "base/descriptor.hpp"
#include "base/error.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn {
namespace {

std::optional<std::string> read_all(const std::filesystem::path& path, bool absent_is_fine) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    if (absent_is_fine && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
    throw_errno("reading", path.string());
  }
  return read_to_end(file.get(), path.string());
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  return *read_all(path, false);
}

std::optional<std::string> read_file_if_present(const std::filesystem::path& path) {
  return read_all(path, true);
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  write_file(path, std::vector{content});
}

void write_file(const std::filesystem::path& path, const std::vector<std::string_view>& pieces) {
  if (path.has_parent_path()) {
    std::error_code failed;
    std::filesystem::create_directories(path.parent_path(), failed);
    if (failed) {
      throw Error("making folder '" + path.parent_path().string() + "': " + failed.message());
    }
  }
  std::string temporary = path.string() + ".tmp-XXXXXX";
  FileDescriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) throw_errno("writing", path.string());
  try {
    for (const std::string_view piece : pieces)
      write_all(file.get(), piece, "writing", path.string());
    ::fchmod(file.get(), 0644);
    // close(2) is where a full disk behind NFS speaks up.
    if (::close(file.release()) != 0) throw_errno("writing", path.string());
    if (::rename(temporary.c_str(), path.c_str()) != 0) throw_errno("writing", path.string());
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

bool write_file_if_changed(const std::filesystem::path& path, std::string_view content) {
  const auto old = read_file_if_present(path);
  if (old && *old == content) return false;
  write_file(path, content);
  return true;
}

TempDir::TempDir(const std::string& prefix, const std::filesystem::path& parent) {
  std::filesystem::path folder = parent;
  if (folder.empty()) {
    const char* set = std::getenv("TMPDIR");
    folder = set != nullptr && *set != '\0' ? set : "/tmp";
  }
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  std::string name = (folder / (prefix + "XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) throw_errno("making folder", name);
  path_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace cairn
