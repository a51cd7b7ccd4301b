// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/image_files.hpp"
#include "oci/image_config.hpp"
#include "stack/testing/structure_file.hpp"

#include <optional>
#include <string>
#include <vector>

/// The checks of a structure file that need no process in the image. Each returns what is wrong,
/// one line a finding.
namespace cairn::stack {

/// `mode` (as `ls -l`) as Go prints it, which the format uses: `drwxrwxrwt` is `dtrwxrwxrwx`.
std::string go_mode(const std::string& mode);

std::vector<std::string> check_existence(const StructureExistence& test,
                                         const std::optional<engine::FileInfo>& info);

/// `content`: nothing when there is no such file.
std::vector<std::string> check_content(const StructureContent& test,
                                       const std::optional<std::string>& content);

std::vector<std::string> check_metadata(const StructureMetadata& test,
                                        const oci::ImageConfig& config);

}  // namespace cairn::stack
