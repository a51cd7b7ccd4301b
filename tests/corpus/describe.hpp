// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string>

namespace cairn::corpus {

/// What Cairn reads in the recipe `text`, in words. `expected` is what stands beside it: its first
/// lines, as long as they begin with '--', say what is given to the reader and are kept:
///   --target NAME, --build-arg NAME=VALUE, --platform OS/ARCHITECTURE
///   --repeat CHARACTER COUNT   that character stands for a comment of COUNT bytes
std::string describe_recipe(const std::string& text, const std::string& expected);

/// What the ignore file `text` leaves out of the paths that `expected` lists, one column a dialect.
std::string describe_ignore_file(const std::string& text, const std::string& expected);

/// `<case>.expected` beside the case, and the description of either kind of case by its name.
std::filesystem::path expected_file(const std::filesystem::path& file);
std::string describe(const std::filesystem::path& file);

}  // namespace cairn::corpus
