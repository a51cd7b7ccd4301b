// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/context_tree.hpp"

#include "base/error.hpp"
#include "base/process.hpp"
#include "stack/scan/context.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <set>
#include <unistd.h>

namespace cairn::stack {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

std::string below(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

}  // namespace

ContextTree::ContextTree(std::string root, const dockerfile::IgnoreRules& rules,
                         dockerfile::Builder builder, GeneratedPaths generated)
    : root_(std::move(root)), rules_(rules), builder_(builder), generated_(std::move(generated)) {
  root_fd_ = ::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root_fd_ < 0 && generated_.empty()) {
    throw UserError("context '" + root_ + "' cannot be read: " + std::strerror(errno));
  }
}

ContextTree::~ContextTree() {
  if (root_fd_ >= 0) ::close(root_fd_);
}

std::string ContextTree::ignore_file() const {
  return ignore_file_name(rules_, root_);
}

ContextNode ContextTree::find(const std::string& path) {
  const auto made = generated_.find(path);
  if (made != generated_.end() && !made->second.from.empty()) {
    return {made->second.stamp, true, true};
  }
  const bool above_generated = made != generated_.end();
  if (root_fd_ < 0)
    return above_generated ? ContextNode{made->second.stamp, true, true} : ContextNode{};
  const PathStamp stamp = stamp_at(root_fd_, path.empty() ? "." : path.c_str());
  if (path.empty()) return {stamp, false, false};
  if (stamp.kind == PathKind::absent) looked_at_.emplace(path, stamp);
  const ContextNode node = judge(path, stamp);
  if (above_generated && node.stamp.kind != PathKind::directory) {
    return {made->second.stamp, true, true};
  }
  return node;
}

ContextNode ContextTree::judge(const std::string& path, const PathStamp& stamp) {
  if (stamp.kind == PathKind::absent || !rules_.excludes(path)) return {stamp, true, false};
  if (stamp.kind != PathKind::directory || rules_.prunes(path)) return {};
  // BuildKit sends a folder that a '!' line may reach into as it is, and since buildx only with
  // something in it; the others send what the line brings back, and make the folder anew.
  const bool as_it_is = builder_ == dockerfile::Builder::buildkit;
  const bool buildx = rules_.dialect() == dockerfile::IgnoreDialect::buildx;
  if (as_it_is && !buildx) return {stamp, true, false};
  return holds_anything(path) ? ContextNode{stamp, as_it_is, false} : ContextNode{};
}

/// Whether list would find anything in it; looks no further than that takes.
bool ContextTree::holds_anything(const std::string& folder) {
  const auto known = holds_anything_.find(folder);
  if (known != holds_anything_.end()) return known->second;
  const std::set<std::string> names = names_in(folder);
  return holds_anything_[folder] =
             std::any_of(names.begin(), names.end(), [&](const std::string& name) {
               return find(below(folder, name)).stamp.kind != PathKind::absent;
             });
}

std::set<std::string> ContextTree::names_in(const std::string& folder) {
  std::set<std::string> names;
  for (std::string& name : names_on_disk(folder))
    names.insert(std::move(name));
  const std::string head = folder.empty() ? "" : folder + "/";
  for (auto made = generated_.lower_bound(head);
       made != generated_.end() && made->first.starts_with(head); ++made) {
    const std::string rest = made->first.substr(head.size());
    if (!rest.empty() && rest.find('/') == std::string::npos) names.insert(rest);
  }
  return names;
}

std::vector<std::pair<std::string, ContextNode>> ContextTree::list(const std::string& folder) {
  check_interrupted();
  std::vector<std::pair<std::string, ContextNode>> nodes;
  for (const std::string& name : names_in(folder)) {
    const ContextNode node = find(below(folder, name));
    if (node.stamp.kind != PathKind::absent) nodes.emplace_back(name, node);
  }
  return nodes;
}

std::vector<std::string> ContextTree::names_on_disk(const std::string& folder) {
  const char* shown = folder.empty() ? "." : folder.c_str();
  if (root_fd_ < 0) return {};
  // Stamped before it is read: an entry that comes in between makes the stamp old, not wrong.
  const PathStamp stamp = stamp_at(root_fd_, shown);
  if (stamp.kind != PathKind::directory) return {};  // it is generated
  looked_at_.emplace(shown, stamp);
  const int fd = ::openat(root_fd_, shown, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) refuse_unreadable(folder);
  const std::unique_ptr<DIR, CloseFolder> open(::fdopendir(fd));
  std::vector<std::string> names;
  while (const dirent* item = ::readdir(open.get())) {
    const std::string_view name(item->d_name);
    if (name != "." && name != "..") names.emplace_back(name);
  }
  return names;
}

std::string ContextTree::link_target(const std::string& path) const {
  std::string target(4096, '\0');
  const ssize_t length = ::readlink(disk_path(path).c_str(), target.data(), target.size());
  if (length < 0) throw_errno("reading link", disk_path(path));
  target.resize(static_cast<std::size_t>(length));
  return target;
}

std::string ContextTree::disk_path(const std::string& path) const {
  const auto made = generated_.find(path);
  if (made != generated_.end()) return made->second.from;
  return path.empty() ? root_ : root_ + "/" + path;
}

bool ContextTree::on_disk(const std::string& path) const {
  if (root_fd_ < 0) return false;
  // What is behind a link may be in another place.
  for (std::size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    if (stamp_at(root_fd_, path.substr(0, slash).c_str()).kind != PathKind::directory) return false;
  }
  return ::faccessat(root_fd_, path.empty() ? "." : path.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

void ContextTree::refuse_unreadable(const std::string& path) const {
  const auto entered = rules_.excludes(path) ? rules_.entered_for(path) : std::nullopt;
  const std::string hint =
      entered ? "it is left out, but the line '" + *entered + "' of " + ignore_file() +
                    " has the builder look into it: write there in which folders, or let it be "
                    "read"
              : hint_to_ignore(path, ignore_file());
  throw UserError(fmt::format("'{}' in context '{}' cannot be read: {}", printable(path), root_,
                              std::strerror(errno)),
                  hint);
}

}  // namespace cairn::stack
