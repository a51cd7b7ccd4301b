// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/export_record.hpp"
#include "stack/release/description.hpp"
#include "stack/release/evidence.hpp"

#include <set>
#include <string>
#include <vector>

namespace cairn::stack {

/// What has been exported of the published images that `names` mean (a target, target/arch; without
/// a name all of them), parents first: nothing is asked of tests. Throws UserError when an image
/// that was built is not exported, when a named one is not there, and when nothing is.
std::vector<ExportRecord> exported_images(const ReleaseDescription& description,
                                          const std::vector<std::string>& names);

/// The exports of a release.
std::vector<ExportRecord> exports_of(const Evidence& evidence);

/// `description` with `targets` and what they stand on, and no other image.
ReleaseDescription limited_to(const ReleaseDescription& description,
                              const std::set<std::string>& targets);

}  // namespace cairn::stack
