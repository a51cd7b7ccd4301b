// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/ignore.hpp"
#include "stack/scan/content_index.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// One path of a context that an engine would be given.
struct ContextEntry {
  std::string path;  ///< relative, '/' between parts, any bytes but NUL
  PathStamp stamp;
  Sha256Bytes digest{};     ///< of a file's bytes or a symlink's target; zero for folders
  bool fixed_mode = false;  ///< its own mode does not count: 0644, folders 0755
  bool implied = false;     ///< a folder that only stands above others: not keyed
  bool generated = false;   ///< made by the build

  std::uint32_t permissions() const { return stamp.mode & 07777; }
};

/// A digest that is already known for a file with this path and stamp.
using KnownDigest =
    std::function<std::optional<Sha256Bytes>(const std::string& path, const PathStamp& stamp)>;

/// The digests that `entries`, which must outlive it, hold.
KnownDigest digests_of(const std::vector<ContextEntry>& entries);

struct ContextListing {
  std::vector<ContextEntry> entries;  ///< sorted by path bytes; the root itself is not among them
  /// Folders that were read, the root ("." ) and excluded ones that a '!' line may reach into
  /// included: a new file in any of them changes its stamp.
  std::vector<std::pair<std::string, PathStamp>> folders;
};

/// The ignore file that decides what of `context` counts, as messages name it: relative where it
/// is in there; `.dockerignore`, which every engine reads, where there is none yet.
std::string ignore_file_name(const dockerfile::IgnoreRules& rules, const std::string& context);

/// Walks `root` under `rules` and hashes what `known` does not know. Symlinks are not followed,
/// but for the root itself. Throws UserError for a FIFO, socket or device (never opened) and for
/// files that cannot be read, naming the path and the ignore line that leaves it out.
ContextListing list_context(const std::string& root, const dockerfile::IgnoreRules& rules,
                            const KnownDigest& known);

/// The digest of a symlink's target.
Sha256Bytes digest_of_link(int folder, const std::string& path);

/// Refuses `path` of the context `root`, which is a FIFO, socket or device.
[[noreturn]] void refuse_special(const std::string& root, const std::string& path,
                                 const std::string& ignore_file);

/// The hint that names the line of `ignore_file` for `path`.
std::string hint_to_ignore(const std::string& path, const std::string& ignore_file);

/// `name` with control characters and bytes that are not UTF-8 made visible, for messages.
std::string printable(const std::string& name);

}  // namespace cairn::stack
