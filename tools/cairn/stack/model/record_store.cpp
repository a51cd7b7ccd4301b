// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/record_store.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/sha256.hpp"

namespace cairn::stack {

RecordStore::RecordStore(std::filesystem::path store, const std::string& endpoint_identity)
    : folder_(std::move(store) / "records" / sha256_hex(endpoint_identity).substr(0, 16)) {}

std::optional<ImageRecord> RecordStore::find(const std::string& build_key) const {
  try {
    return ImageRecord::read_if_present(path_of(build_key));
  } catch (const Error&) {
    return std::nullopt;
  }
}

void RecordStore::file(const ImageRecord& record) const {
  write_file(path_of(record.build_key), record.to_text());
}

std::filesystem::path RecordStore::path_of(const std::string& build_key) const {
  return folder_ / (build_key + ".json");
}

}  // namespace cairn::stack
