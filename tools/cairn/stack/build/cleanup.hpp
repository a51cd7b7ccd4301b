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
  bool undeclared_only = false;  ///< their records as well
  bool dry_run = false;
};

struct CleanedImage {
  std::string target;
  std::string engine_id;
  std::uint64_t size = 0;  ///< bytes, as the engine counts
  bool superseded = false;
};

/// The folder of an image that is not declared any more.
struct CleanedFolder {
  std::string name;  ///< `web/x86_64`
  std::filesystem::path path;
  std::string kept;          ///< why it stays; empty when it went
  bool unreachable = false;  ///< it stays since its engine does not answer
};

struct Cleaned {
  std::vector<CleanedImage> images;
  std::vector<CleanedFolder> folders;  ///< without undeclared_only, those of unreachable engines
};

/// Removes from the engine what this build folder put there, children first: only images that its
/// records name, and only names that Cairn gave. An image that has other names as well, or that
/// a container uses, stays. Stamps and records stay too: the next build makes the images again.
///
/// What is not declared any more goes unless another record, of this tree or in the store, is of
/// the same image, or of one that stands on it and is there. Asked for alone, its folder goes with
/// it, unless an image stayed that nothing else knows of; what that stands on stays as well. Where
/// its engine does not answer, it stays, and what is declared is cleaned all the same.
/// Throws UnreachableError when the engine of a declared image does not answer, or another one does
/// than the records were made with.
Cleaned clean_stack(const std::filesystem::path& stack_file, const CleanOptions& options,
                    const engine::Opener& open = engine::open_engine);

}  // namespace cairn::stack
