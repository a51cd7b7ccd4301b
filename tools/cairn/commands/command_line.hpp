// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/error.hpp"
#include "commands/context.hpp"
#include "commands/verb.hpp"

#include <vector>

namespace cairn::commands {

/// Parses `argv`, runs the one of `verbs` that it names and returns its exit code. Only that verb's
/// options are declared, so that a build's many short runs start at once. Throws UsageError on a
/// wrong line.
ExitCode run_command_line(int argc, char** argv, const Context& context = {},
                          const std::vector<Verb>& verbs = commands::verbs());

/// As the whole of a program's `main`: prints what went wrong.
int run_main(int argc, char** argv, const std::vector<Verb>& verbs);

}  // namespace cairn::commands
