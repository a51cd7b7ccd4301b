// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/context.hpp"

#include "base/error.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <string_view>
#include <unistd.h>
#include <unordered_map>

namespace cairn::stack {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

class Walk {
 public:
  Walk(const std::string& root, const dockerfile::IgnoreRules& rules, const KnownDigest& known)
      : root_(root), rules_(rules), known_(known) {}

  ContextListing run() {
    const Folder root(::opendir(root_.c_str()));
    if (!root) {
      throw UserError("context '" + root_ + "' cannot be read: " + std::strerror(errno));
    }
    root_fd_ = ::dirfd(root.get());
    enter("");
    std::sort(listing_.entries.begin(), listing_.entries.end(),
              [](const ContextEntry& a, const ContextEntry& b) { return a.path < b.path; });
    return std::move(listing_);
  }

 private:
  void enter(const std::string& path) {
    const char* shown = path.empty() ? "." : path.c_str();
    // Stamped before it is read: an entry that comes in between makes the stamp old, not wrong.
    listing_.folders.emplace_back(shown, stamp_at(root_fd_, shown));
    const int fd = ::openat(root_fd_, shown, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) refuse_unreadable(path);
    const Folder folder(::fdopendir(fd));
    std::vector<std::string> names;
    while (const dirent* item = ::readdir(folder.get())) {
      const std::string_view name(item->d_name);
      if (name != "." && name != "..") names.emplace_back(name);
    }
    for (const std::string& name : names)
      visit(path.empty() ? name : path + "/" + name);
  }

  void visit(const std::string& path) {
    const PathStamp stamp = stamp_at(root_fd_, path.c_str());
    if (stamp.kind == PathKind::absent) return;  // went away meanwhile: the folder's stamp tells
    const bool excluded = rules_.excludes(path);
    if (stamp.kind == PathKind::directory) {
      if (excluded && rules_.prunes(path)) return;
      const std::size_t before = listing_.entries.size();
      enter(path);
      // An excluded folder is made by what a '!' line brings back below it.
      if (!excluded || listing_.entries.size() > before) {
        listing_.entries.push_back({path, stamp, {}});
      }
      return;
    }
    if (excluded) return;
    listing_.entries.push_back({path, stamp, digest_of(path, stamp)});
  }

  Sha256Bytes digest_of(const std::string& path, const PathStamp& stamp) {
    if (stamp.kind == PathKind::special) refuse_special(root_, path, ignore_file());
    if (const auto digest = known_(path, stamp)) return *digest;
    if (stamp.kind == PathKind::symlink) return digest_of_link(root_fd_, path);
    try {
      return sha256_file(root_ + "/" + path);
    } catch (const Error&) {
      refuse_unreadable(path);
    }
  }

  [[noreturn]] void refuse_unreadable(const std::string& path) {
    throw UserError(fmt::format("'{}' in context '{}' cannot be read: {}", printable(path), root_,
                                std::strerror(errno)),
                    hint_to_ignore(path, ignore_file()));
  }

  std::string ignore_file() const { return ignore_file_name(rules_, root_); }

  const std::string& root_;
  const dockerfile::IgnoreRules& rules_;
  const KnownDigest& known_;
  int root_fd_ = -1;
  ContextListing listing_;
};

}  // namespace

KnownDigest digests_of(const std::vector<ContextEntry>& entries) {
  std::unordered_map<std::string_view, const ContextEntry*> by_path;
  for (const ContextEntry& entry : entries)
    by_path.emplace(entry.path, &entry);
  return [by_path = std::move(by_path)](const std::string& path,
                                        const PathStamp& stamp) -> std::optional<Sha256Bytes> {
    const auto found = by_path.find(path);
    if (found == by_path.end() || !(found->second->stamp == stamp)) return std::nullopt;
    return found->second->digest;
  };
}

ContextListing list_context(const std::string& root, const dockerfile::IgnoreRules& rules,
                            const KnownDigest& known) {
  return Walk(root, rules, known).run();
}

std::string ignore_file_name(const dockerfile::IgnoreRules& rules, const std::string& context) {
  if (rules.file().empty()) return ".dockerignore";
  const auto relative = std::filesystem::path(rules.file()).lexically_relative(context);
  const bool is_inside = !relative.empty() && *relative.begin() != "..";
  return is_inside ? relative.string() : rules.file();
}

std::string hint_to_ignore(const std::string& path, const std::string& ignore_file) {
  return "leave it out: add the line '" + printable(dockerfile::ignore_line(path)) + "' to " +
         ignore_file;
}

void refuse_special(const std::string& root, const std::string& path,
                    const std::string& ignore_file) {
  throw UserError(fmt::format("context '{}' holds '{}', which is no file, folder or link: engines "
                              "do not agree on what to do with it",
                              root, printable(path)),
                  hint_to_ignore(path, ignore_file));
}

Sha256Bytes digest_of_link(int folder, const std::string& path) {
  std::string target(4096, '\0');
  const ssize_t length = ::readlinkat(folder, path.c_str(), target.data(), target.size());
  if (length < 0) throw_errno("reading link", path);
  target.resize(static_cast<std::size_t>(length));
  Sha256 hash;
  hash.update(target);
  return hash.finish();
}

std::string printable(const std::string& name) {
  std::string shown;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    const int follow = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC2 ? 1 : 0;
    bool whole = byte >= 0xC2 && byte <= 0xF4 && i + static_cast<std::size_t>(follow) < name.size();
    for (int k = 1; whole && k <= follow; ++k) {
      whole = (static_cast<unsigned char>(name[i + static_cast<std::size_t>(k)]) & 0xC0) == 0x80;
    }
    if (whole) {
      shown.append(name, i, static_cast<std::size_t>(follow) + 1);
      i += static_cast<std::size_t>(follow);
    } else if (byte == '\n') {
      shown += "\\n";
    } else if (byte < 0x20 || byte >= 0x7F) {
      shown += fmt::format("\\x{:02x}", byte);
    } else {
      shown += name[i];
    }
  }
  return shown;
}

}  // namespace cairn::stack
