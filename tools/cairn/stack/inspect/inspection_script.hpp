// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/inspect/probe.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::stack {

/// The `/bin/sh` script that runs every command once, up to `lanes` side by side, each with
/// /dev/null as stdin, and then writes what each gave to stdout, framed by `mark`. Needs of the
/// image no more than a POSIX shell and `cat`; the outputs are kept in /dev/shm, where every
/// container has a small file system in memory, or wherever else its user can write.
std::string inspection_script(const std::vector<std::vector<std::string>>& commands,
                              const std::string& mark, int lanes);

/// What such a script wrote, in the order of its commands; nothing when it could not start (no
/// shell or no `cat` in the image, or nowhere to write).
std::optional<std::vector<CommandOutput>> parse_inspection_output(std::string_view out,
                                                                  const std::string& mark,
                                                                  std::size_t count);

/// The commands, by index, that had not ended when the script was killed.
std::vector<std::size_t> unfinished_commands(std::string_view out, const std::string& mark,
                                             std::size_t count);

/// Runs `commands` in `image` (an engine's ID) as the image's own user and environment: all in one
/// container, or one after another in one container each where the image has no shell. `base` is
/// image, flags and so on; its entrypoint and command are set here. Throws UserError naming the
/// commands that ran out of time.
std::vector<CommandOutput> run_commands(engine::Engine& engine, const engine::RunRequest& base,
                                        const std::vector<std::vector<std::string>>& commands);

}  // namespace cairn::stack
