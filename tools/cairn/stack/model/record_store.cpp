// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/record_store.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/sha256.hpp"

namespace cairn::stack {

RecordStore::RecordStore(const std::filesystem::path& store, const std::string& endpoint_identity)
    : folder_(store / "records" / sha256_hex(endpoint_identity).substr(0, 16)) {}

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

std::vector<ImageRecord> RecordStore::all() const {
  std::vector<ImageRecord> records;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, ignored)) {
    if (auto record = find(entry.path().stem().string())) records.push_back(std::move(*record));
  }
  return records;
}

std::optional<ImageRecord> RecordStore::newest(const std::string& stack, const std::string& target,
                                               const std::string& platform) const {
  std::optional<ImageRecord> last;
  for (ImageRecord& record : all()) {
    if (record.stack != stack || record.target != target || record.platform != platform) continue;
    // RFC 3339 in UTC: the order of texts is that of times.
    if (!last || record.created > last->created) last = std::move(record);
  }
  return last;
}

std::filesystem::path RecordStore::path_of(const std::string& build_key) const {
  return folder_ / (build_key + ".json");
}

}  // namespace cairn::stack
