// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/report/stack_view.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

struct ImageStatus {
  std::string target, platform;
  ImageState state = ImageState::missing;
  std::string problem;
  std::string built;  ///< RFC 3339, empty when never
  std::uint64_t size = 0;
  std::vector<std::string> tags;
  int tests = 0, passed = 0, failed = 0;  ///< of the image as it is; the rest has not run
  int superseded = 0;                     ///< older images still kept
  std::uint64_t superseded_size = 0;      ///< bytes, as the engine counts each
  std::vector<std::string> set_again;     ///< its names that stood for another image or none
};

/// An image that is not declared any more, of which this build tree has records.
struct UndeclaredStatus {
  std::string name;  ///< `web/x86_64`
  std::filesystem::path folder;
  std::optional<std::uint64_t> size;  ///< bytes of its images in the engine, as that counts each
  std::string problem;                ///< why the size is not known, and no clean would help
};

/// The state of every image of a stack, scanned anew first.
std::vector<ImageStatus> stack_status(const std::filesystem::path& stack_file,
                                      const engine::Opener& open = engine::open_engine);

/// What the stack file tells of beside its images (tree_images).
std::vector<UndeclaredStatus> undeclared_status(const std::filesystem::path& stack_file,
                                                const engine::Opener& open = engine::open_engine);

/// The table that people read.
std::string format_table(const std::vector<ImageStatus>& images);

/// One line, or none, with the command that cleans up, `way_out`, and one for each problem.
std::string format_undeclared(const std::vector<UndeclaredStatus>& images,
                              const std::string& way_out);

/// All of it with a schema: `cairn/status/1`.
nlohmann::json to_json(const std::string& stack, const std::vector<ImageStatus>& images,
                       const std::vector<UndeclaredStatus>& undeclared);

}  // namespace cairn::stack
