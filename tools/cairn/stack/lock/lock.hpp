// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/json.hpp"
#include "registry/client.hpp"
#include "stack/model/lock_file.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

enum class LockMode {
  fill,    ///< bases not locked yet are looked up, those no longer used are dropped
  update,  ///< those asked for are looked up again as well
  check,   ///< nothing is written: what would update move?
};

enum class LockState { kept, added, moved, dropped };

struct LockedLine {
  LockState state = LockState::kept;
  std::string reference;
  std::optional<oci::Digest> before, after;
};

struct LockReport {
  std::filesystem::path path;
  LockFile lock;  ///< as it is now, or in `check` mode would be
  std::vector<LockedLine> lines;

  bool changed() const;
};

/// Brings the lock file of the stack of `stack_file` up to date with its recipes and the
/// registries. `references` limits what update and check look at; empty means all. Throws
/// UserError for a reference that no recipe names, one that its registry does not have, and a base
/// that lacks a platform of an image on it; then the file stays as it was.
LockReport lock_bases(const std::filesystem::path& stack_file, LockMode mode,
                      const std::vector<std::string>& references, registry::Client& client);

/// One line a base: what it is pinned to and what moved.
std::string format_report(const LockReport& report, LockMode mode);
Json to_json(const LockReport& report);

}  // namespace cairn::stack
