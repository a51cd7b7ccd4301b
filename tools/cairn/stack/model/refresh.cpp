// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/refresh.hpp"

#include "base/file.hpp"
#include "base/sha256.hpp"

namespace cairn::stack {
namespace {

std::filesystem::path period_file(const std::filesystem::path& store, const std::string& endpoint,
                                  const BuildDescription& image) {
  const std::string name =
      endpoint + "\n" + image.stack + "\n" + image.target + "\n" + image.platform.to_string();
  return store / "refresh" / sha256_hex(name).substr(0, 32);
}

}  // namespace

bool was_refreshed(const std::filesystem::path& store, const std::string& endpoint,
                   const BuildDescription& image, const std::string& period) {
  return read_file_if_present(period_file(store, endpoint, image)) == period;
}

void note_refreshed(const std::filesystem::path& store, const std::string& endpoint,
                    const BuildDescription& image, const std::string& period) {
  write_file_if_changed(period_file(store, endpoint, image), period);
}

}  // namespace cairn::stack
