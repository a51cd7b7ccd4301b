// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/image_record.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// Records that outlive a build tree's stamps: `<store>/records/<endpoint>/<build key>.json`.
class RecordStore {
 public:
  RecordStore(const std::filesystem::path& store, const std::string& endpoint_identity);

  /// The record filed under `build_key` for this endpoint; a damaged one counts as none.
  std::optional<ImageRecord> find(const std::string& build_key) const;
  void file(const ImageRecord& record) const;
  std::vector<ImageRecord> all() const;  ///< in no order; damaged ones are left out

  /// The record of the last build of `target` of `stack` for `platform`; reads them all.
  std::optional<ImageRecord> newest(const std::string& stack, const std::string& target,
                                    const std::string& platform) const;

 private:
  std::filesystem::path path_of(const std::string& build_key) const;
  std::filesystem::path folder_;
};

}  // namespace cairn::stack
