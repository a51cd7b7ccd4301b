// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/reachable.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "dockerfile/ignore_pattern.hpp"
#include "dockerfile/path_match.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

namespace cairn::stack {
namespace {

using dockerfile::Builder;
using dockerfile::ContextSource;
using Parts = std::vector<std::string>;

// As the kernel follows (path_resolution(7)).
constexpr int kMostLinks = 40;

std::string below(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

// The parts of a path from the context's root; '..' cannot leave it.
Parts parts_of(const std::string& path) {
  Parts parts;
  for (const std::string& part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (!parts.empty()) {
      parts.pop_back();
    }
  }
  return parts;
}

class Reach {
 public:
  Reach(ContextTree& tree, Builder builder, Missing missing)
      : tree_(tree), builder_(builder), missing_(missing) {}

  void take(const ContextSource& source) {
    source_ = &source;
    const Parts parts = parts_of(source.path);
    excludes_ = read_excludes(source);
    if (source.parents) return take_with_parents();
    const bool literal = source.kind == ContextSource::Kind::mount;
    const auto wild = std::find_if(parts.begin(), parts.end(), [&](const std::string& part) {
      return !literal && is_wild(part);
    });
    if (wild == parts.end()) return take_literal(parts);
    if (builder_ == Builder::buildah) {
      globbed_.clear();
      return glob("", parts, 0);
    }
    const auto base = resolve({parts.begin(), wild}, builder_ == Builder::buildkit);
    if (!base) return;
    pattern_ = join({wild, parts.end()}, "/");
    deepest_ = std::count_if(pattern_.begin(), pattern_.end(),
                             [](char byte) { return byte == '/' || byte == '['; });
    match_below(*base, "", 0);
  }

  void take_everything() {
    static const ContextSource kAll;
    source_ = &kAll;
    take_tree("", "");
  }

  std::map<std::string, ContextEntry> entries() && { return std::move(entries_); }

 private:
  bool is_wild(const std::string& part) const {
    // buildah looks for every path by Glob, which reads '\' too.
    return dockerfile::has_wildcards(part) ||
           (builder_ == Builder::buildah && part.find('\\') != std::string::npos);
  }

  static std::optional<dockerfile::IgnoreRules> read_excludes(const ContextSource& source) {
    if (source.excludes.empty()) return std::nullopt;
    std::string lines;
    for (const std::string& pattern : source.excludes) {
      // Of a flag '#' begins no comment.
      lines += (pattern.starts_with('#') ? "\\" : "") + pattern + "\n";
    }
    try {
      return dockerfile::IgnoreRules::parse(lines, dockerfile::IgnoreDialect::buildx, source.place);
    } catch (const UserError&) {
      return std::nullopt;  // the builder says what is wrong; nothing is left out until then
    }
  }

  void take_literal(const Parts& parts) {
    if (const auto found = resolve(parts, true)) return take_found(*found);
    if (missing_ == Missing::allowed || source_->optional) return;
    refuse_missing(join(parts, "/"));
  }

  /// The path without links that `parts` lead to; the links on the way are taken. Nothing when it
  /// leads nowhere.
  std::optional<std::string> resolve(Parts open, bool follow) {
    std::reverse(open.begin(), open.end());
    std::string at;
    int links = 0;
    while (!open.empty()) {
      const std::string part = open.back();
      open.pop_back();
      if (part == "..") {
        at.erase(at.find('/') == std::string::npos ? 0 : at.rfind('/'));
        continue;
      }
      const std::string path = below(at, part);
      const ContextNode node = tree_.find(path);
      if (node.stamp.kind == PathKind::absent) return std::nullopt;
      if (node.stamp.kind != PathKind::symlink) {
        if (node.stamp.kind != PathKind::directory && !open.empty()) return std::nullopt;
        at = path;
        continue;
      }
      if (!follow || ++links > kMostLinks) return std::nullopt;
      add(path, node, true);
      const std::string target = tree_.link_target(path);
      if (target.starts_with('/')) at.clear();
      Parts steps = split(target, '/');
      for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        if (!step->empty() && *step != ".") open.push_back(*step);
      }
    }
    return at;
  }

  void take_found(const std::string& path) {
    const ContextNode node = tree_.find(path);
    if (node.stamp.kind != PathKind::directory) return add(path, node, own_mode(node));
    if (!path.empty()) add(path, node, own_mode(node) && folder_mode_counts());
    take_tree(path, "");
  }

  // Builders make the destination of a copied folder themselves; a mount shows the folder.
  bool folder_mode_counts() const { return source_->kind == ContextSource::Kind::mount; }

  bool own_mode(const ContextNode& node) const { return node.own_mode && !source_->fixed_mode; }

  // `relative` is the path from the source folder on, which --exclude patterns are about; for
  // buildah they are about the path in the context.
  void take_tree(const std::string& folder, const std::string& relative) {
    for (const auto& [name, node] : tree_.list(folder)) {
      const std::string path = below(folder, name), from_source = below(relative, name);
      const std::string& seen = builder_ == Builder::buildah ? path : from_source;
      const bool excluded = excludes_ && excludes_->excludes(seen);
      const bool is_folder = node.stamp.kind == PathKind::directory;
      if (excluded && (!is_folder || excludes_->prunes(seen))) continue;
      if (!excluded) add(path, node, own_mode(node));
      if (is_folder) take_tree(path, from_source);
    }
  }

  // filepath.Match over what is below the last literal folder, as moby and BuildKit walk it.
  void match_below(const std::string& folder, const std::string& relative, long depth) {
    for (const auto& [name, node] : tree_.list(folder)) {
      const std::string path = below(folder, name), from_base = below(relative, name);
      if (dockerfile::path_matches(pattern_, from_base)) {
        take_match(path);
      } else if (node.stamp.kind == PathKind::directory && depth < deepest_) {
        match_below(path, from_base, depth + 1);
      }
    }
  }

  // A link that leads nowhere is taken itself: the builder has to see it and say so.
  void take_match(const std::string& path) {
    if (const auto found = resolve(parts_of(path), true)) take_found(*found);
  }

  // filepath.Glob: part by part, through links. buildah 1.28 reads '**' as '*', later ones as any
  // depth: it is what either may see.
  void glob(const std::string& folder, const Parts& parts, std::size_t at) {
    // With several '**' there are many ways to one place.
    if (!globbed_.emplace(folder, at).second) return;
    if (at == parts.size()) return take_found(folder);
    const ContextNode here = tree_.find(folder);
    if (here.stamp.kind != PathKind::directory) return;
    if (!is_wild(parts[at])) return glob_into(below(folder, parts[at]), parts, at);
    const bool any_depth = parts[at] == "**" && at + 1 < parts.size();
    if (any_depth) glob(folder, parts, at + 1);
    for (const auto& [name, node] : tree_.list(folder)) {
      const std::string path = below(folder, name);
      if (any_depth && node.stamp.kind == PathKind::directory) glob(path, parts, at);
      if (!any_depth && dockerfile::path_matches(parts[at], name)) glob_into(path, parts, at);
    }
  }

  void glob_into(const std::string& path, const Parts& parts, std::size_t at) {
    if (const auto found = resolve(parts_of(path), true)) glob(*found, parts, at + 1);
  }

  // COPY --parents: patterns with '**', no links followed, the folders on the way come along.
  void take_with_parents() {
    std::string path = join(parts_of(source_->path), "/");
    if (!dockerfile::has_wildcards(path)) return take_literal_with_parents(path);
    try {
      parents_below("", dockerfile::IgnorePattern(path));
    } catch (const std::invalid_argument&) {
      // The builder says what is wrong with the pattern.
    }
  }

  void take_literal_with_parents(const std::string& path) {
    std::vector<std::string> folders;
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      folders.push_back(path.substr(0, slash));
    }
    // One by one: what is behind a link may lie outside of the context.
    const bool straight = std::all_of(folders.begin(), folders.end(), [&](const auto& folder) {
      return tree_.find(folder).stamp.kind == PathKind::directory;
    });
    if (!straight || tree_.find(path).stamp.kind == PathKind::absent) {
      return take_literal(parts_of(path));
    }
    for (const std::string& folder : folders)
      take_folder(folder);
    take_found(path);
  }

  bool parents_below(const std::string& folder, const dockerfile::IgnorePattern& pattern) {
    bool any = false;
    for (const auto& [name, node] : tree_.list(folder)) {
      const std::string path = below(folder, name);
      const bool is_folder = node.stamp.kind == PathKind::directory;
      if (pattern.matches(path)) {
        add(path, node, own_mode(node));
        if (is_folder) take_tree(path, path);
        any = true;
      } else if (is_folder && parents_below(path, pattern)) {
        take_folder(path);
        any = true;
      }
    }
    return any;
  }

  void take_folder(const std::string& path) {
    const ContextNode node = tree_.find(path);
    add(path, node, own_mode(node));
  }

  void add(const std::string& path, const ContextNode& node, bool mode_counts) {
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      ContextEntry folder;
      folder.path = path.substr(0, slash);
      folder.stamp.kind = PathKind::directory;
      folder.fixed_mode = folder.implied = true;
      entries_.emplace(folder.path, folder);
    }
    ContextEntry& entry = entries_[path];
    const bool fixed = entry.path.empty() || entry.fixed_mode;
    entry.path = path;
    entry.stamp = node.stamp;
    entry.fixed_mode = fixed && !mode_counts;
    entry.implied = false;
    entry.generated = node.generated;
  }

  [[noreturn]] void refuse_missing(const std::string& path) const {
    const std::string what = fmt::format("{}: {} takes '{}', but the context '{}' ", source_->place,
                                         source_->words, printable(source_->path), tree_.root());
    if (tree_.on_disk(path)) {
      throw UserError(what + "leaves it out by its ignore rules",
                      "add the line '!" + printable(dockerfile::ignore_line(path)) + "' to " +
                          tree_.ignore_file());
    }
    std::vector<std::string> names;
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash);
    if (tree_.find(folder).stamp.kind == PathKind::directory) {
      for (const auto& [name, unused] : tree_.list(folder))
        names.push_back(below(folder, name));
    }
    const auto near = did_you_mean(path, names);
    throw UserError(what + "has no such path", near ? "did you mean '" + printable(*near) + "'?"
                                                    : "make it, or take it out of that line");
  }

  ContextTree& tree_;
  Builder builder_;
  Missing missing_;
  const ContextSource* source_ = nullptr;
  std::optional<dockerfile::IgnoreRules> excludes_;
  std::string pattern_;
  long deepest_ = 0;
  std::set<std::pair<std::string, std::size_t>> globbed_;
  std::map<std::string, ContextEntry> entries_;
};

Sha256Bytes digest_of(const ContextTree& tree, const ContextEntry& entry) {
  const std::string file = tree.disk_path(entry.path);
  if (entry.stamp.kind == PathKind::symlink) return digest_of_link(AT_FDCWD, file);
  try {
    return sha256_file(file);
  } catch (const Error&) {
    throw UserError(fmt::format("'{}' in context '{}' cannot be read: {}", printable(entry.path),
                                tree.root(), std::strerror(errno)),
                    hint_to_ignore(entry.path, tree.ignore_file()));
  }
}

}  // namespace

std::map<std::string, ContextEntry> reachable_paths(ContextTree& tree,
                                                    const dockerfile::ContextWants& wants,
                                                    Builder builder, Missing missing) {
  Reach reach(tree, builder, missing);
  if (!wants.doubts.empty()) reach.take_everything();
  for (const ContextSource& source : wants.sources) {
    if (wants.doubts.empty()) reach.take(source);
  }
  std::map<std::string, ContextEntry> entries = std::move(reach).entries();
  for (const auto& [path, entry] : entries) {
    if (entry.stamp.kind == PathKind::special) {
      refuse_special(tree.root(), path, tree.ignore_file());
    }
  }
  return entries;
}

ContextListing list_reachable(ContextTree& tree, const dockerfile::ContextWants& wants,
                              Builder builder, Missing missing, const KnownDigest& known) {
  ContextListing listing;
  for (auto& [path, entry] : reachable_paths(tree, wants, builder, missing)) {
    if (entry.stamp.kind != PathKind::directory) {
      const auto digest = known(path, entry.stamp);
      entry.digest = digest ? *digest : digest_of(tree, entry);
    }
    listing.entries.push_back(std::move(entry));
  }
  for (const auto& [path, stamp] : tree.looked_at())
    listing.folders.emplace_back(path, stamp);
  return listing;
}

}  // namespace cairn::stack
