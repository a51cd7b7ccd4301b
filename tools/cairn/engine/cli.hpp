// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/process.hpp"
#include "engine/engine.hpp"

#include <functional>
#include <string>

namespace cairn::engine {

/// `cmake -DCAIRN_ENGINE=… -B <build folder>`: how to go on without `endpoint`'s engine.
std::string switch_hint(const Endpoint& endpoint);

/// Throws UnreachableError `docker: not found at '/usr/bin/docker'` when there is no such program.
void require_program(const Endpoint& endpoint);

/// The last line in which an engine says why: blank lines, rulers and progress left out.
std::string engines_word(const std::string& text);

/// Throws Error `<kind> refused to <doing>: <the engine's word>` for a command that failed.
[[noreturn]] void throw_refused(const Endpoint& endpoint, const std::string& doing,
                                const ProcessResult& result);

/// Runs an engine's command line, program checked first.
ProcessResult run_cli(const Endpoint& endpoint, const Command& command,
                      const RunOptions& options = {});

/// As run_cli, but a non-zero exit is thrown as refused. Returns stdout.
std::string require_cli(const Endpoint& endpoint, const Command& command, const std::string& doing);

/// As require_cli, with all output to `sink` as it comes.
void stream_cli(const Endpoint& endpoint, const Command& command, const std::string& doing,
                const OutputSink& sink, RunOptions options = {});

/// Runs a container's command line: `limit` and `input` of `request`, result as the caller's.
RunResult to_run_result(ProcessResult result);

}  // namespace cairn::engine
