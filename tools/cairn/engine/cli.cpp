// SPDX-License-Identifier: BSD-3-Clause
#include "engine/cli.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <unistd.h>

namespace cairn::engine {
namespace {

constexpr std::size_t kTail = 16UL * 1024;

bool says_nothing(const std::string& line) {
  return line.find_first_not_of(" \t-=") == std::string::npos ||
         line.rfind("View build details:", 0) == 0 || line.rfind("See 'docker ", 0) == 0 ||
         line.rfind("Run 'docker ", 0) == 0;
}

}  // namespace

std::string switch_hint(const Endpoint& endpoint) {
  const std::string other = endpoint.kind == "docker" ? "podman" : "docker";
  return "choose another engine: cmake -DCAIRN_ENGINE=" + other + " -B <build folder>";
}

void require_program(const Endpoint& endpoint) {
  if (::access(endpoint.program.c_str(), X_OK) == 0) return;
  throw UnreachableError(endpoint.kind + ": not found at '" + endpoint.program + "'",
                         "install it, or " + switch_hint(endpoint));
}

std::string engines_word(const std::string& text) {
  const std::vector<std::string> lines = split_lines(without_ansi(text));
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (!says_nothing(*line)) return trim(*line);
  }
  return {};
}

void throw_refused(const Endpoint& endpoint, const std::string& doing,
                   const ProcessResult& result) {
  std::string word = engines_word(result.err);
  if (word.empty()) word = engines_word(result.out);
  if (word.empty()) word = "exit status " + std::to_string(result.exit_status);
  throw Error(endpoint.kind + " refused to " + doing + ": " + word);
}

ProcessResult run_cli(const Endpoint& endpoint, const Command& command, const RunOptions& options) {
  require_program(endpoint);
  return run_process(command, options);
}

std::string require_cli(const Endpoint& endpoint, const Command& command,
                        const std::string& doing) {
  ProcessResult result = run_cli(endpoint, command);
  if (result.exit_status != 0) throw_refused(endpoint, doing, result);
  return std::move(result.out);
}

void stream_cli(const Endpoint& endpoint, const Command& command, const std::string& doing,
                const OutputSink& sink, RunOptions options) {
  std::string out;
  std::string err;
  options.on_output = [&](Stream stream, std::string_view piece) {
    if (sink) sink(piece);
    std::string& tail = stream == Stream::out ? out : err;
    tail.append(piece);
    if (tail.size() > 2 * kTail) tail.erase(0, tail.size() - kTail);
  };
  ProcessResult result = run_cli(endpoint, command, options);
  if (result.exit_status == 0) return;
  result.out = std::move(out);
  result.err = std::move(err);
  throw_refused(endpoint, doing, result);
}

RunResult to_run_result(ProcessResult result) {
  RunResult run;
  run.exit_status = result.exit_status;
  run.timed_out = result.timed_out;
  run.out = std::move(result.out);
  run.err = std::move(result.err);
  run.duration = result.duration;
  return run;
}

}  // namespace cairn::engine
