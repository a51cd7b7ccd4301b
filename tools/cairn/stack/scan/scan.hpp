// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/time.hpp"
#include "engine/engine.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cairn::stack {

/// What a scan did, for `--json` and for tests.
struct ScanResult {
  std::size_t images = 0;
  std::size_t unchanged = 0;           ///< not one stamp had moved
  std::vector<std::string> rewritten;  ///< image folders whose key file was written
  std::vector<std::string> absent;     ///< targets whose recorded image the engine lacks
  std::vector<std::string> renamed;    ///< local names that were set again
};

/// Looks at every image of a stack file once: descriptions, recipes, contexts and the engine's
/// images become key files, each rewritten only when its text changes (exactness rules 7-9).
/// An image that cannot be keyed gets a key file that holds the error; the scan itself throws
/// only when it cannot write. `now`, in seconds since 1970, is read once: the builds behind it are
/// told the refresh periods that it gives (exactness rule 16).
ScanResult scan_stack(const std::filesystem::path& stack_file,
                      const engine::Opener& open = engine::open_engine,
                      std::int64_t now = unix_now());

}  // namespace cairn::stack
