// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/scan/content_index.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace cairn::stack {

/// The type of the file system that holds `path` itself, as statfs(2) says it; 0 when it says none.
std::uint32_t file_system_type(const std::string& path);

/// From which time on a stamp proves nothing: a file changed twice within one tick of the file
/// system's clock keeps its stamp ("racily clean", as in git's index). Nor does it where no ctime
/// is kept. Safe to use from threads.
class TrustLimit {
 public:
  using TypeOf = std::function<std::uint32_t(const std::string& path)>;
  /// Asks the file system that holds `folder` for its own now, by a file written there. `type_of`
  /// is asked once for each device, when a stamp of it is to be judged.
  explicit TrustLimit(const std::filesystem::path& folder, TypeOf type_of = file_system_type);
  /// `stamp` is that of `path`.
  bool proves(const std::string& path, const PathStamp& stamp) const;

 private:
  bool keeps_ctime(const std::string& path, std::uint64_t device) const;

  std::filesystem::path folder_;
  TypeOf type_of_;
  std::uint64_t limit_ns_ = 0;
  std::uint64_t other_limit_ns_ = 0;  ///< for other devices, whose clock we cannot ask
  std::uint64_t device_ = 0;
  mutable std::mutex mutex_;
  mutable std::map<std::uint64_t, bool> keeps_ctime_;  ///< by device
};

}  // namespace cairn::stack
