// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/description.hpp"

#include <filesystem>
#include <string>

namespace cairn::stack {

/// Whether a build of `image` has already succeeded in `period` on this endpoint: until then the
/// engine's layer cache is not used (exactness rule 16).
bool was_refreshed(const std::filesystem::path& store, const std::string& endpoint,
                   const BuildDescription& image, const std::string& period);
void note_refreshed(const std::filesystem::path& store, const std::string& endpoint,
                    const BuildDescription& image, const std::string& period);

}  // namespace cairn::stack
