// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cairn::stack {

struct CleanOptions {
  bool superseded_only = false;
  bool dry_run = false;
};

struct CleanedImage {
  std::string target;
  std::string engine_id;
  std::uint64_t size = 0;  ///< bytes, as the engine counts
  bool superseded = false;
};

/// Removes from the engine what this build folder put there, children first: only images that its
/// records name, and only names that Cairn gave. An image that has other names as well, or that
/// a container uses, stays. Stamps and records stay too: the next build makes the images again.
/// Throws UnreachableError when another engine answers than the records were made with.
std::vector<CleanedImage> clean_stack(const std::filesystem::path& stack_file,
                                      const CleanOptions& options,
                                      const engine::Opener& open = engine::open_engine);

}  // namespace cairn::stack
