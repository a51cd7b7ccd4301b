// SPDX-License-Identifier: BSD-3-Clause
#include "oci/layout.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/lock.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn::oci {
namespace {

constexpr const char* kRefName = "org.opencontainers.image.ref.name";
constexpr std::uint64_t kLargestMarker = 4 << 10;
// Some 200,000 tags of 320 bytes: a family of a hundred for years. What is read is in memory whole,
// several times as large.
constexpr std::uint64_t kLargestIndex = 64 << 20;

[[noreturn]] void fail(const std::string& where, const std::string& why) {
  throw Error("layout " + where + ": " + why);
}

[[noreturn]] void refuse_long(const std::string& where, const std::string& length,
                              std::uint64_t most) {
  throw UserError(
      "layout " + where + ": " + length + " long; at most " + format_bytes(most) + " are read",
      "name another folder, or take entries that nobody needs out of this one's "
      "'index.json'");
}

std::string reason() {
  return errno == ELOOP || errno == ENOTDIR ? "it is a link, or reached through one"
                                            : std::strerror(errno);
}

/// The regular file `name` in an open folder, or nothing when there is none.
std::optional<FileDescriptor> open_plain(int folder, const std::string& name,
                                         const std::string& where) {
  FileDescriptor file(
      ::openat(folder, name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.get() < 0 && errno == ENOENT) return std::nullopt;
  if (file.get() < 0) fail(where, "'" + name + "': " + reason());
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) throw_errno("reading", name);
  if (!S_ISREG(info.st_mode)) fail(where, "'" + name + "': it is no regular file");
  return file;
}

std::uint64_t length_of(const FileDescriptor& file) {
  struct stat info {};
  return ::fstat(file.get(), &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

std::string ref_name(const Json& entry) {
  const auto annotations = entry.find("annotations");
  return annotations != entry.end() && annotations->is_object()
             ? string_or(*annotations, kRefName, "")
             : std::string();
}

std::vector<Json> entries_of(const Json& index) {
  const auto found = index.find("manifests");
  std::vector<Json> all;
  if (found == index.end() || !found->is_array()) return all;
  std::copy_if(found->begin(), found->end(), std::back_inserter(all),
               [](const Json& entry) { return entry.is_object(); });
  return all;
}

/// Whether each tag of `seen` names that, and nothing beside it.
bool still_names(const std::vector<Json>& entries, const std::vector<Layout::Seen>& seen) {
  std::map<std::string, std::set<std::string>> named;
  for (const Json& entry : entries)
    named[ref_name(entry)].insert(string_or(entry, "digest", ""));
  return std::all_of(seen.begin(), seen.end(), [&](const Layout::Seen& one) {
    const auto found = named.find(one.first);
    if (found == named.end()) return !one.second;
    return one.second && found->second == std::set<std::string>{one.second->to_string()};
  });
}

Json to_json(const Descriptor& descriptor, const std::string& tag) {
  Json entry = oci::to_json(descriptor);
  if (!tag.empty()) entry["annotations"] = {{kRefName, tag}};
  return entry;
}

}  // namespace

Layout::Layout(std::filesystem::path folder, FileDescriptor top)
    : folder_(std::move(folder)), top_(std::move(top)) {}

Layout Layout::open(const std::filesystem::path& folder) {
  // The folder that somebody typed may be a link; what is in it may not.
  Layout layout(folder, FileDescriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  if (layout.top_.get() < 0) {
    throw UserError("opening layout " + layout.name() + ": " + std::strerror(errno),
                    "name a folder with an OCI image layout");
  }
  const auto marker = open_plain(layout.top_.get(), "oci-layout", layout.name());
  const std::string version =
      marker ? string_or(
                   Json::parse(layout.read_document("oci-layout", kLargestMarker), nullptr, false),
                   "imageLayoutVersion", "")
             : "";
  if (version != "1.0.0") {
    throw UserError(layout.name() +
                        " is no OCI image layout: expected a file 'oci-layout' with "
                        "version 1.0.0",
                    "name a folder with an OCI image layout");
  }
  return layout;
}

Layout Layout::make(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder / "blobs" / "sha256", error);
  if (error) throw Error("making '" + folder.string() + "': " + error.message());
  const auto lacks = [&](const char* name) { return !std::filesystem::exists(folder / name); };
  // Nothing is taken away again, so what is whole needs no lock; one that cannot be written, none.
  if (!lacks("index.json") && !lacks("oci-layout")) return open(folder);
  // Another process may make it as well, and have listed something since.
  const FileLock lock(folder / "index.lock", "", {});
  if (lacks("index.json")) {
    write_file(folder / "index.json", pretty_json({{"schemaVersion", 2},
                                                   {"mediaType", manifest_media_types().front()},
                                                   {"manifests", Json::array()}}));
  }
  if (lacks("oci-layout")) {
    write_file(folder / "oci-layout", "{\"imageLayoutVersion\": \"1.0.0\"}\n");
  }
  return open(folder);
}

std::string Layout::read_document(const char* name, std::uint64_t most) const {
  const auto file = open_plain(top_.get(), name, this->name());
  if (!file) fail(this->name(), "'" + std::string(name) + "' is missing");
  const std::uint64_t size = length_of(*file);
  if (size > most) {
    refuse_long(this->name(), "'" + std::string(name) + "' is " + format_bytes(size), most);
  }
  std::string text(static_cast<std::size_t>(size), '\0');
  std::size_t got = 0;
  while (got < text.size()) {
    const std::size_t more =
        read_some(file->get(), text.data() + got, text.size() - got, (folder_ / name).string());
    if (more == 0) break;
    got += more;
  }
  text.resize(got);
  return text;
}

Json Layout::read_index() const {
  Json index = Json::parse(read_document("index.json", kLargestIndex), nullptr, false);
  if (!index.is_object()) fail(name(), "'index.json': expected a JSON object");
  return index;
}

std::vector<std::string> Layout::names() const {
  std::set<std::string> all;
  for (const Json& entry : entries_of(read_index()))
    all.insert(ref_name(entry));
  all.erase("");
  return {all.begin(), all.end()};
}

std::optional<Descriptor> Layout::find_name(const std::string& name) const {
  std::vector<Json> found = entries_of(read_index());
  std::erase_if(found, [&](const Json& entry) { return name.empty() || ref_name(entry) != name; });
  if (found.empty()) return std::nullopt;
  return only_one(found, name, "name one by its digest");
}

Descriptor Layout::find(const std::string& tag_or_digest) const {
  const std::vector<Json> entries = entries_of(read_index());
  std::vector<Json> found;
  std::vector<std::string> names;
  for (const Json& entry : entries) {
    const std::string tag = ref_name(entry);
    if (!tag.empty()) names.push_back(tag);
    if (tag_or_digest.empty() || tag == tag_or_digest ||
        string_or(entry, "digest", "") == tag_or_digest) {
      found.push_back(entry);
    }
  }
  const std::string hint = names.empty() ? "name one by its digest" : "it has " + join(names, ", ");
  if (found.empty()) throw UserError("nothing in " + name() + " is '" + tag_or_digest + "'", hint);
  return only_one(found, tag_or_digest, "name one of them: " + hint);
}

/// The descriptor of entries that were found under `what` and must be of one digest.
Descriptor Layout::only_one(const std::vector<Json>& found, const std::string& what,
                            const std::string& hint) const {
  const auto differs = [&](const Json& entry) {
    return string_or(entry, "digest", "") != string_or(found.front(), "digest", "");
  };
  if (std::any_of(found.begin(), found.end(), differs)) {
    throw UserError(name() + " holds " + std::to_string(found.size()) + " images" +
                        (what.empty() ? "" : " under '" + what + "'"),
                    hint);
  }
  // The descriptors are read as those of any index.
  const Json one{{"manifests", Json::array({found.front()})}};
  return parse_index(one.dump(), "layout " + name() + ": 'index.json'").manifests.front();
}

FileDescriptor Layout::blob_folder() const {
  const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
  const FileDescriptor blobs(::openat(top_.get(), "blobs", flags));
  if (blobs.get() < 0) fail(name(), "'blobs': " + reason());
  FileDescriptor sha256(::openat(blobs.get(), "sha256", flags));
  if (sha256.get() < 0) fail(name(), "'blobs/sha256': " + reason());
  return sha256;
}

FileDescriptor Layout::open_blob(const Descriptor& blob, std::uint64_t offset) const {
  // A digest holds hex digits alone: no path can leave the folder by it.
  auto file = open_plain(blob_folder().get(), blob.digest.hex(), name());
  if (!file) fail(name(), "blob '" + blob.digest.to_string() + "' is missing");
  if (const std::uint64_t size = length_of(*file); size != blob.size) {
    fail(name(), "blob '" + blob.digest.to_string() + "' is " + std::to_string(size) +
                     " bytes long, its descriptor says " + std::to_string(blob.size));
  }
  if (::lseek(file->get(), static_cast<off_t>(offset), SEEK_SET) < 0) {
    throw_errno("reading", blob.digest.to_string());
  }
  return std::move(*file);
}

bool Layout::has_blob(const Descriptor& blob) const {
  const auto file = open_plain(blob_folder().get(), blob.digest.hex(), name());
  return file && length_of(*file) == blob.size;
}

std::optional<std::uint64_t> Layout::size_of(const Digest& digest) const {
  const auto file = open_plain(blob_folder().get(), digest.hex(), name());
  return file ? std::optional(length_of(*file)) : std::nullopt;
}

Layout::NewBlob Layout::new_blob(const Descriptor& blob) const {
  return {*this, blob.digest};
}

Layout::NewBlob::NewBlob(const Layout& layout, Digest digest)
    : layout_(layout), digest_(std::move(digest)), name_("." + digest_.hex() + ".XXXXXX") {
  const std::filesystem::path folder = layout.folder_ / "blobs" / "sha256";
  std::string path = (folder / name_).string();
  file_ = FileDescriptor(::mkostemp(path.data(), O_CLOEXEC));
  if (file_.get() < 0) throw_errno("making a blob in", folder.string());
  name_ = std::filesystem::path(path).filename();
}

Layout::NewBlob::~NewBlob() {
  if (!committed_ && file_.get() >= 0) {
    ::unlink((layout_.folder_ / "blobs" / "sha256" / name_).c_str());
  }
}

void Layout::NewBlob::write(std::string_view bytes) {
  write_all(file_.get(), bytes, "writing", (layout_.folder_ / "blobs/sha256" / name_).string());
}

void Layout::NewBlob::begin_anew() {
  if (::ftruncate(file_.get(), 0) != 0 || ::lseek(file_.get(), 0, SEEK_SET) != 0) {
    throw_errno("writing", (layout_.folder_ / "blobs/sha256" / name_).string());
  }
}

void Layout::NewBlob::commit() {
  const std::filesystem::path folder = layout_.folder_ / "blobs" / "sha256";
  // A name must never stand for bytes that a crash took away.
  if (::fchmod(file_.get(), 0644) != 0 || ::fdatasync(file_.get()) != 0 ||
      ::rename((folder / name_).c_str(), (folder / digest_.hex()).c_str()) != 0) {
    throw_errno("writing", (folder / digest_.hex()).string());
  }
  committed_ = true;
}

void Layout::list(const Descriptor& descriptor, const std::string& tag) const {
  list_all({{descriptor, tag}});
}

bool Layout::list_all(const std::vector<std::pair<Descriptor, std::string>>& entries,
                      const std::vector<Seen>& seen) const {
  std::set<std::string> tags, tagged;
  for (const auto& [descriptor, tag] : entries) {
    if (tag.empty()) continue;
    tags.insert(tag);
    tagged.insert(descriptor.digest.to_string());
  }
  const FileLock lock(folder_ / "index.lock", "", {});
  Json index = read_index();
  if (!still_names(entries_of(index), seen)) return false;
  Json kept = Json::array();
  std::set<std::string> listed;
  for (const Json& entry : entries_of(index)) {
    const std::string digest = string_or(entry, "digest", "");
    const std::string tag = ref_name(entry);
    listed.insert(digest);
    // A tag moves, and an entry without one gives way to that with it.
    if (tag.empty() ? tagged.contains(digest) : tags.contains(tag)) continue;
    kept.push_back(entry);
  }
  for (const auto& [descriptor, tag] : entries) {
    const bool fresh = listed.insert(descriptor.digest.to_string()).second;
    if (!tag.empty() || fresh) kept.push_back(to_json(descriptor, tag));
  }
  index["manifests"] = std::move(kept);
  const std::string text = pretty_json(index);
  if (text.size() > kLargestIndex) {
    refuse_long(name(), "'index.json' would be " + format_bytes(text.size()), kLargestIndex);
  }
  write_file_if_changed(folder_ / "index.json", text);
  return true;
}

}  // namespace cairn::oci
