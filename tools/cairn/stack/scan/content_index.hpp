// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/sha256.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <type_traits>
#include <unordered_map>
#include <vector>

namespace cairn::stack {

enum class PathKind : std::uint32_t { absent, file, directory, symlink, special };

/// What lstat(2) says that changes whenever the content may have: ctime is among it because an
/// edit can put size and mtime back, but not ctime.
struct PathStamp {
  std::uint64_t size = 0;  ///< 0 for folders: theirs says nothing
  std::uint64_t mtime_ns = 0;
  std::uint64_t ctime_ns = 0;
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  std::uint32_t mode = 0;  ///< st_mode, type bits included
  PathKind kind = PathKind::absent;

  bool operator==(const PathStamp&) const = default;
};
// It lies in the index byte by byte: bytes that are no member would be anybody's.
static_assert(std::has_unique_object_representations_v<PathStamp>);

PathStamp make_stamp(const struct stat& info);

/// lstat of `path` relative to the open folder `folder`. Absence is a stamp; any other failure
/// throws Error.
PathStamp stamp_at(int folder, const char* path);

/// `path` and, while it is a symlink, what it points to, each with its stamp (at most 40, as the
/// kernel follows).
std::vector<std::pair<std::string, PathStamp>> link_chain(const std::string& path);

/// A path whose change makes an image's key worth computing again.
struct WatchedPath {
  std::string path;  ///< relative to the context, or absolute
  PathStamp stamp;
  Sha256Bytes digest{};  ///< of a file's bytes or a link's target; zero for the rest
  bool trusted = false;  ///< old enough that the stamp proves the digest (see TrustLimit)
};

/// What a scan remembers of one image.
struct Snapshot {
  std::string context;     ///< folder that relative paths stand in; empty when it has none
  std::string key_text;    ///< content of the key file
  std::string tests_text;  ///< content of the tests.key file, or empty
  std::string engine_id, local_name, bound_name;  ///< of the recorded image, or empty
  /// External bases: local name looked up -> engine ID found then (empty: not there).
  std::vector<std::pair<std::string, std::string>> bases;
  std::string refresh, period;       ///< the refresh word and the period the key was made in
  std::vector<WatchedPath> watched;  ///< inputs: trusted stamps only
  std::vector<WatchedPath> own;      ///< files that only Cairn writes: any equal stamp will do
};

/// Yesterday's snapshots, read by mmap: an unchanged image costs its lstats and nothing else.
class ContentIndex {
 public:
  /// Opens `path`; a missing, foreign or damaged file is an empty index.
  explicit ContentIndex(const std::filesystem::path& path);
  ~ContentIndex();
  ContentIndex(const ContentIndex&) = delete;
  ContentIndex& operator=(const ContentIndex&) = delete;

  /// The serialised snapshot of image folder `folder`, if any.
  std::optional<std::string_view> find(const std::string& folder) const;

  /// Writes a new index of `snapshots` (image folder -> serialised snapshot).
  static void write(const std::filesystem::path& path,
                    const std::map<std::string, std::string_view>& snapshots);

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
  std::unordered_map<std::string_view, std::string_view> images_;
};

std::string serialise(const Snapshot& snapshot);
Snapshot deserialise(std::string_view bytes);

/// The part of a serialised snapshot that a fast check needs, without copying.
struct SnapshotView {
  std::string_view context, key_text, engine_id, local_name, bound_name, refresh, period;
  std::vector<std::pair<std::string_view, std::string_view>> bases;
};
SnapshotView view_of(std::string_view bytes);

/// Whether every watched path of a serialised snapshot still has its trusted stamp.
bool is_unchanged(std::string_view bytes);

}  // namespace cairn::stack
