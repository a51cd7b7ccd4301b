// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/content_index.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "stack/scan/input_key.hpp"

#include <cerrno>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace cairn::stack {
namespace {

// What is known of files says nothing of keys that are formed otherwise.
const std::string kMagic = "cairn-index-3 " + std::string(kInputFormat) + "\n";
constexpr std::uint64_t kSecondNs = 1'000'000'000;

/// One watched path as it lies in the index; the path and a NUL follow, padded to 8 bytes.
struct RawWatch {
  PathStamp stamp;
  Sha256Bytes digest;
  std::uint32_t path_length;
  std::uint32_t trusted;
};

std::size_t padded(std::size_t size) {
  return (size + 7) & ~std::size_t{7};
}

class Writer {
 public:
  void number(std::uint64_t value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_.append(value);
    bytes_.resize(padded(bytes_.size()), '\0');
  }
  void watch(const WatchedPath& watched) {
    RawWatch raw{};
    raw.stamp = watched.stamp;
    raw.digest = watched.digest;
    raw.path_length = static_cast<std::uint32_t>(watched.path.size());
    raw.trusted = watched.trusted ? 1 : 0;
    bytes_.append(reinterpret_cast<const char*>(&raw), sizeof raw);
    bytes_.append(watched.path);
    bytes_.resize(padded(bytes_.size() + 1), '\0');
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    std::memcpy(&value, take(sizeof value), sizeof value);
    return value;
  }
  std::string_view text() {
    const std::size_t size = number();
    if (size > bytes_.size()) throw Error("the index is damaged");  // padding it could overflow
    const char* data = take(padded(size));
    return {data, size};
  }
  /// Fills `raw`; returns its path, which is NUL-terminated.
  const char* watch(RawWatch& raw) {
    std::memcpy(&raw, take(sizeof raw), sizeof raw);
    const char* path = take(padded(std::size_t{raw.path_length} + 1));
    if (path[raw.path_length] != '\0') throw Error("the index is damaged");
    return path;
  }
  bool at_end() const { return at_ >= bytes_.size(); }

 private:
  const char* take(std::size_t size) {
    if (size > bytes_.size() - at_) throw Error("the index is damaged");
    const char* data = bytes_.data() + at_;
    at_ += size;
    return data;
  }
  std::string_view bytes_;
  std::size_t at_ = 0;
};

std::uint64_t nanoseconds(const struct timespec& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * kSecondNs +
         static_cast<std::uint64_t>(time.tv_nsec);
}

PathKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return PathKind::file;
  if (S_ISDIR(mode)) return PathKind::directory;
  if (S_ISLNK(mode)) return PathKind::symlink;
  return PathKind::special;
}

std::vector<WatchedPath> read_watches(Reader& reader) {
  std::vector<WatchedPath> all;
  const std::uint64_t count = reader.number();
  for (std::uint64_t i = 0; i < count; ++i) {
    RawWatch raw{};
    const char* path = reader.watch(raw);
    all.push_back({std::string(path, raw.path_length), raw.stamp, raw.digest, raw.trusted != 0});
  }
  return all;
}

/// The folder that a snapshot's relative paths stand in, open while they are looked at.
class ContextFolder {
 public:
  explicit ContextFolder(const std::string& path) {
    if (!path.empty()) fd_ = ::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  }
  ~ContextFolder() {
    if (fd_ >= 0) ::close(fd_);
  }
  ContextFolder(const ContextFolder&) = delete;
  ContextFolder& operator=(const ContextFolder&) = delete;
  bool is_there() const { return fd_ >= 0 || fd_ == AT_FDCWD; }
  int get() const { return fd_; }

 private:
  int fd_ = AT_FDCWD;
};

bool watches_hold(Reader& reader, int folder, bool must_be_trusted) {
  const std::uint64_t count = reader.number();
  for (std::uint64_t i = 0; i < count; ++i) {
    RawWatch raw{};
    const char* path = reader.watch(raw);
    if (must_be_trusted && raw.trusted == 0) return false;
    if (!(stamp_at(folder, path) == raw.stamp)) return false;
  }
  return true;
}

SnapshotView read_head(Reader& reader, std::string_view* tests_text) {
  SnapshotView view;
  view.context = reader.text();
  view.key_text = reader.text();
  *tests_text = reader.text();
  view.engine_id = reader.text();
  view.local_name = reader.text();
  view.bound_name = reader.text();
  // A damaged count must end at the end of the bytes, not of the memory.
  const std::uint64_t count = reader.number();
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string_view name = reader.text();
    view.bases.emplace_back(name, reader.text());
  }
  view.refresh = reader.text();
  view.period = reader.text();
  return view;
}

}  // namespace

PathStamp make_stamp(const struct stat& info) {
  PathStamp stamp;
  stamp.kind = kind_of(info.st_mode);
  stamp.size = stamp.kind == PathKind::directory ? 0 : static_cast<std::uint64_t>(info.st_size);
  stamp.mtime_ns = nanoseconds(info.st_mtim);
  stamp.ctime_ns = nanoseconds(info.st_ctim);
  stamp.inode = info.st_ino;
  stamp.device = info.st_dev;
  stamp.mode = info.st_mode;
  return stamp;
}

PathStamp stamp_at(int folder, const char* path) {
  struct stat info {};
  if (::fstatat(folder, path, &info, AT_SYMLINK_NOFOLLOW) == 0) return make_stamp(info);
  if (errno == ENOENT || errno == ENOTDIR) return {};
  throw_errno("reading", path);
}

std::vector<std::pair<std::string, PathStamp>> link_chain(const std::string& path) {
  constexpr std::size_t kMostLinks = 40;  // path_resolution(7)
  std::vector<std::pair<std::string, PathStamp>> chain;
  std::filesystem::path at(path);
  while (chain.size() < kMostLinks) {
    chain.emplace_back(at.string(), stamp_at(AT_FDCWD, at.c_str()));
    if (chain.back().second.kind != PathKind::symlink) break;
    std::error_code failed;
    const std::filesystem::path target = std::filesystem::read_symlink(at, failed);
    if (failed) break;
    at = target.is_absolute() ? target : at.parent_path() / target;
  }
  return chain;
}

ContentIndex::ContentIndex(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  struct stat info {};
  if (::fstat(fd, &info) == 0 && info.st_size > static_cast<off_t>(kMagic.size())) {
    size_ = static_cast<std::size_t>(info.st_size);
    data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (data_ == MAP_FAILED) data_ = nullptr;
  }
  ::close(fd);
  if (data_ == nullptr) return;
  std::string_view bytes(static_cast<const char*>(data_), size_);
  if (size_ < padded(kMagic.size()) || bytes.substr(0, kMagic.size()) != kMagic) return;
  try {
    Reader reader(bytes.substr(padded(kMagic.size())));
    while (!reader.at_end()) {
      const std::string_view folder = reader.text();
      images_.emplace(folder, reader.text());
    }
  } catch (const Error&) {
    images_.clear();  // cut off or foreign: everything is looked at afresh
  }
}

ContentIndex::~ContentIndex() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

std::optional<std::string_view> ContentIndex::find(const std::string& folder) const {
  const auto found = images_.find(folder);
  if (found == images_.end()) return std::nullopt;
  return found->second;
}

void ContentIndex::write(const std::filesystem::path& path,
                         const std::map<std::string, std::string_view>& snapshots) {
  // All snapshots of thousands of images in one more string would double what a scan holds.
  std::string magic = kMagic;
  magic.resize(padded(magic.size()), '\0');
  std::deque<std::string> heads;
  std::vector<std::string_view> pieces{magic};
  for (const auto& [folder, snapshot] : snapshots) {
    Writer head;
    head.text(folder);
    head.number(snapshot.size());
    // Serialised snapshots are padded already.
    pieces.insert(pieces.end(), {heads.emplace_back(head.take()), snapshot});
  }
  write_file(path, pieces);
}

std::string serialise(const Snapshot& snapshot) {
  Writer writer;
  writer.text(snapshot.context);
  writer.text(snapshot.key_text);
  writer.text(snapshot.tests_text);
  writer.text(snapshot.engine_id);
  writer.text(snapshot.local_name);
  writer.text(snapshot.bound_name);
  writer.number(snapshot.bases.size());
  for (const auto& [name, id] : snapshot.bases) {
    writer.text(name);
    writer.text(id);
  }
  writer.text(snapshot.refresh);
  writer.text(snapshot.period);
  for (const auto* list : {&snapshot.watched, &snapshot.own}) {
    writer.number(list->size());
    for (const WatchedPath& watched : *list)
      writer.watch(watched);
  }
  return writer.take();
}

Snapshot deserialise(std::string_view bytes) {
  Reader reader(bytes);
  std::string_view tests_text;
  const SnapshotView head = read_head(reader, &tests_text);
  Snapshot snapshot;
  snapshot.context = head.context;
  snapshot.key_text = head.key_text;
  snapshot.tests_text = tests_text;
  snapshot.engine_id = head.engine_id;
  snapshot.local_name = head.local_name;
  snapshot.bound_name = head.bound_name;
  for (const auto& [name, id] : head.bases)
    snapshot.bases.emplace_back(name, id);
  snapshot.refresh = head.refresh;
  snapshot.period = head.period;
  snapshot.watched = read_watches(reader);
  snapshot.own = read_watches(reader);
  return snapshot;
}

SnapshotView view_of(std::string_view bytes) {
  Reader reader(bytes);
  std::string_view tests_text;
  return read_head(reader, &tests_text);
}

bool is_unchanged(std::string_view bytes) {
  try {
    Reader reader(bytes);
    std::string_view tests_text;
    const SnapshotView head = read_head(reader, &tests_text);
    const ContextFolder folder{std::string(head.context)};
    return folder.is_there() && watches_hold(reader, folder.get(), true) &&
           watches_hold(reader, folder.get(), false);
  } catch (const Error&) {
    return false;  // a damaged snapshot, or a folder that cannot be read: look in full
  }
}

}  // namespace cairn::stack
