// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/digest.hpp"
#include "oci/platform.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace cairn::stack {

/// What one external base is pinned to.
struct LockedBase {
  oci::Digest digest;                              ///< of the index, or of a lone manifest
  std::map<oci::Platform, oci::Digest> platforms;  ///< each platform's manifest

  bool operator==(const LockedBase&) const = default;
};

/// The bases that a stack does not make itself, pinned: `cairn.lock` (schema cairn/lock/1), a file
/// for the source tree and its history.
struct LockFile {
  std::filesystem::path path;
  std::map<std::string, LockedBase> bases;  ///< by canonical reference with its tag

  /// A file that is not there, or an empty path, is a lock without bases.
  static LockFile read(const std::filesystem::path& path);
  std::string to_text() const;

  /// `reference` by the digest for `platform` (`docker.io/library/debian@sha256:…`); nothing when
  /// it is not locked. Throws UserError when it is, but not for that platform.
  std::optional<std::string> pinned(const std::string& reference,
                                    const oci::Platform& platform) const;
};

}  // namespace cairn::stack
