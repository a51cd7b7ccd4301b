// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

/// The whole content of `path`. Throws Error when it cannot be read.
std::string read_file(const std::filesystem::path& path);

/// The whole content of `path`, or nothing when there is no such file. Throws Error otherwise.
std::optional<std::string> read_file_if_present(const std::filesystem::path& path);

/// Writes `content` under a temporary name beside `path` and renames it: readers see the old
/// bytes or the new ones, never half. Parent folders are made. Throws Error (full disk, no
/// permission) and leaves the old file as it was.
void write_file(const std::filesystem::path& path, std::string_view content);

/// The same of content that lies in pieces, one after the other.
void write_file(const std::filesystem::path& path, const std::vector<std::string_view>& pieces);

/// As write_file, but leaves an equal file untouched, time stamp included (Ninja's restat then
/// stops there). Returns whether it wrote.
bool write_file_if_changed(const std::filesystem::path& path, std::string_view content);

/// A folder of our own that is removed with all it holds when the object goes.
class TempDir {
 public:
  /// Makes `<parent>/<prefix>XXXXXX`; `parent` empty means $TMPDIR or /tmp.
  explicit TempDir(const std::string& prefix, const std::filesystem::path& parent = {});
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace cairn
