// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/staging.hpp"

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "stack/scan/input_key.hpp"
#include "stack/scan/reachable.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <set>
#include <sys/stat.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

// Listing must not read the files: they are hashed while they are copied.
const KnownDigest kUnread = [](const std::string&,
                               const PathStamp& stamp) -> std::optional<Sha256Bytes> {
  if (stamp.kind == PathKind::file) return Sha256Bytes{};
  return std::nullopt;
};

PathStamp plain_folder() {
  PathStamp stamp;
  stamp.kind = PathKind::directory;
  stamp.mode = S_IFDIR | 0755;
  return stamp;
}

void add_parents(const std::string& path, GeneratedPaths& paths) {
  for (std::size_t at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1)) {
    paths.try_emplace(path.substr(0, at), GeneratedPath{"", plain_folder()});
  }
}

std::string below(const std::string& into, const std::string& path) {
  return into.empty() || into == "." ? path : into + "/" + path;
}

void add_generated(const Generated& generated, GeneratedPaths& paths) {
  const PathStamp stamp = stamp_at(AT_FDCWD, generated.from.c_str());
  if (stamp.kind == PathKind::absent) {
    throw UserError("'" + generated.from + "' was not made by the build, but the image needs it");
  }
  if (stamp.kind != PathKind::directory) {
    std::string path = generated.into;
    if (path.empty() || path == "." || path.back() == '/') {
      path += (path == "." ? "/" : "") + fs::path(generated.from).filename().string();
    }
    if (path.rfind("./", 0) == 0) path.erase(0, 2);
    add_parents(path, paths);
    paths[path] = {generated.from, stamp};
    return;
  }
  const ContextListing listing = list_context(generated.from, {}, kUnread);
  add_parents(below(generated.into, "x"), paths);
  for (const ContextEntry& entry : listing.entries) {
    paths[below(generated.into, entry.path)] = {generated.from + "/" + entry.path, entry.stamp};
  }
}

GeneratedPaths generated_paths(const BuildDescription& image) {
  GeneratedPaths paths;
  for (const Generated& generated : image.generated)
    add_generated(generated, paths);
  return paths;
}

void check_architecture(const BuildDescription& image, const ContextEntry& entry,
                        std::string_view head) {
  if (!entry.generated && !image.generated_context) return;
  const std::string found = elf_architecture(head);
  if (found.empty() || found == image.platform.architecture) return;
  throw UserError(
      fmt::format("'{}' is built for {}, but image '{}' is for {}", printable(entry.path), found,
                  image.target, image.platform.to_string()),
      "build it with a toolchain for " + image.platform.architecture +
          ", or take that platform out of CAIRN_PLATFORMS");
}

class OpenFile {
 public:
  OpenFile(const std::string& path, int flags, mode_t mode = 0)
      : path_(path), file_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
    if (file_.get() < 0) throw_errno((flags & O_CREAT) != 0 ? "writing" : "reading", path);
  }

  std::size_t read(char* buffer, std::size_t size) {
    return read_some(file_.get(), buffer, size, path_);
  }
  void write(std::string_view bytes) { write_all(file_.get(), bytes, "writing", path_); }

 private:
  std::string path_;
  FileDescriptor file_;
};

Sha256Bytes copy_file(const BuildDescription& image, const ContextEntry& entry,
                      const std::string& from, const fs::path* to) {
  OpenFile in(from, O_RDONLY | O_NOFOLLOW);
  std::optional<OpenFile> out;
  if (to != nullptr) out.emplace(to->string(), O_WRONLY | O_CREAT | O_EXCL, 0600);
  Sha256 hash;
  static thread_local char buffer[1 << 18];
  bool first = true;
  while (const std::size_t got = in.read(buffer, sizeof buffer)) {
    const std::string_view piece(buffer, got);
    if (first) check_architecture(image, entry, piece);
    first = false;
    hash.update(piece);
    if (out) out->write(piece);
  }
  return hash.finish();
}

void settle(const BuildDescription& image, const ContextEntry& entry, const fs::path& path) {
  if (entry.stamp.kind != PathKind::symlink &&
      ::chmod(path.c_str(), keyed_mode(image, entry)) != 0) {
    throw_errno("setting the mode of", path.string());
  }
  const struct timespec times[2] = {{kStagedTime, 0}, {kStagedTime, 0}};
  if (::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0) {
    throw_errno("setting the time of", path.string());
  }
}

std::vector<ContextEntry> run(const BuildDescription& image, const ContextView& view,
                              const fs::path* destination) {
  ContextTree tree(image.context, view.rules, view.builder, generated_paths(image));
  std::vector<ContextEntry> entries;
  for (auto& [path, entry] : reachable_paths(tree, view.wants, view.builder, Missing::refused)) {
    const fs::path to = destination != nullptr ? *destination / path : fs::path();
    const std::string from = tree.disk_path(path);
    if (entry.stamp.kind == PathKind::file) {
      entry.digest = copy_file(image, entry, from, destination != nullptr ? &to : nullptr);
    } else if (entry.stamp.kind == PathKind::symlink) {
      entry.digest = digest_of_link(AT_FDCWD, from);
      if (destination != nullptr) fs::copy_symlink(from, to);
    } else if (destination != nullptr) {
      fs::create_directory(to);
    }
    entries.push_back(std::move(entry));
  }
  if (destination != nullptr) {
    // Children before their folders: writing into a folder moves its time.
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
      settle(image, *entry, *destination / entry->path);
    }
    fs::permissions(*destination, fs::perms(0755));  // builders copy it with COPY .
  }
  return entries;
}

}  // namespace

std::vector<ContextEntry> stage_context(const BuildDescription& image, const ContextView& view,
                                        const fs::path& destination) {
  try {
    return run(image, view, &destination);
  } catch (const fs::filesystem_error& error) {
    throw Error(std::string("staging the context: ") + error.what());
  }
}

std::vector<ContextEntry> hash_context(const BuildDescription& image, const ContextView& view) {
  return run(image, view, nullptr);
}

std::vector<ContextEntry> written_entries(const BuildDescription& image, const ContextView& view,
                                          const std::vector<ContextEntry>& staged) {
  std::vector<ContextEntry> written;
  std::copy_if(staged.begin(), staged.end(), std::back_inserter(written),
               [](const ContextEntry& entry) { return !entry.generated; });
  ContextTree tree(image.context, view.rules, view.builder);
  return list_reachable(tree, view.wants, view.builder, Missing::allowed, digests_of(written))
      .entries;
}

std::string elf_architecture(std::string_view head) {
  // ELF header: e_ident[0..3] magic, [5] byte order (1 = little), e_machine at 18 (System V ABI).
  if (head.size() < 20 || head.substr(0, 4) !=
                              "\x7f"
                              "ELF") {
    return {};
  }
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(head[at]); };
  const unsigned machine = byte(5) == 1 ? byte(18) | byte(19) << 8U : byte(19) | byte(18) << 8U;
  static const std::map<unsigned, std::string> kNames{
      {3, "386"},  {8, "mips"},   {20, "ppc"},    {21, "ppc64"},    {22, "s390x"},
      {40, "arm"}, {62, "amd64"}, {183, "arm64"}, {243, "riscv64"}, {258, "loong64"}};
  const auto found = kNames.find(machine);
  if (found == kNames.end()) return {};
  // What is told apart by the word's size ([4] is 2 where it has 64 bits) and by byte order.
  std::string name = found->second;
  if (name == "mips" && byte(4) == 2) name += "64";
  if (name.rfind("mips", 0) == 0 || name == "ppc64") name += byte(5) == 1 ? "le" : "";
  return name;
}

}  // namespace cairn::stack
