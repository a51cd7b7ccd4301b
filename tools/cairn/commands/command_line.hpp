// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/error.hpp"
#include "commands/context.hpp"

namespace cairn::commands {

/// Parses `argv`, runs the verb it names and returns its exit code. Only that verb's options are
/// declared, so that a build's many short runs start at once. Throws UsageError on a wrong line.
ExitCode run_command_line(int argc, char** argv, const Context& context = {});

}  // namespace cairn::commands
