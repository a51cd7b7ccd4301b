// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/description.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::stack {

/// What is odd about the sources of a build, each as one line that says what to type (exactness
/// rule 26): staged files that git ignores or keeps for itself (they make the image stale for
/// nothing), submodules that were not checked out, Git LFS pointers instead of contents, and
/// programs that are all for other architectures (docs/decisions/0006). `staged` is the context as
/// the engine gets it, `ignore_file` what decides that. What only git knows is not said without it.
std::vector<std::string> source_warnings(const BuildDescription& image,
                                         const std::filesystem::path& staged,
                                         const std::string& ignore_file);

}  // namespace cairn::stack
