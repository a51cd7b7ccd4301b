// SPDX-License-Identifier: BSD-3-Clause
#include "base/json.hpp"
#include "base/text.hpp"
#include "commands/verb.hpp"
#include "stack/report/context_report.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>

namespace cairn::commands {
namespace {

struct Options {
  stack::ContextQuestion question;
  std::vector<std::string> build_args;
  bool nul = false, json = false;
};

ExitCode run(Options options) {
  for (const std::string& argument : options.build_args) {
    const std::size_t equals = argument.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw UsageError("--build-arg expected NAME=VALUE, got '" + argument + "'",
                       "cairn context DIR --build-arg NAME=VALUE");
    }
    options.question.build_args[argument.substr(0, equals)] = argument.substr(equals + 1);
  }
  const stack::ContextAnswer answer = stack::look_at_context(options.question);
  if (options.json) {
    fmt::print("{}", pretty_json(stack::to_json(options.question, answer)));
    return ExitCode::done;
  }
  for (const std::string& doubt : answer.doubts)
    fmt::print(stderr, "cairn: in doubt, so the whole context counts: {}\n", doubt);
  fmt::print("{}", stack::format_paths(answer, options.nul));
  return ExitCode::done;
}

}  // namespace

Verb context_verb() {
  return {"context", "Lists the files of a context that an image depends on",
          "cairn context images/web --target runtime --engine buildah",
          [](CLI::App& app, const Context&) {
            const auto options = std::make_shared<Options>();
            stack::ContextQuestion& question = options->question;
            app.add_option("dir", question.context, "The context")->required();
            app.add_option("-f,--file", question.dockerfile,
                           "The Dockerfile (otherwise that of the context)");
            app.add_option("--target", question.stage, "The stage (otherwise the last)");
            app.add_option("--build-arg", options->build_args, "NAME=VALUE, may be repeated");
            app.add_option("--engine", question.engine,
                           "Whose rules: docker (before 23.0, with BuildKit), docker-buildx, "
                           "docker-legacy, podman or buildah")
                ->capture_default_str();
            app.add_option("--copy-to", question.copy_to,
                           "Also copy to this empty folder what the engine would be given");
            app.add_flag("-0", options->nul, "End every path with a NUL, not with a newline");
            app.add_flag("--json", options->json, "Print paths, modes and hashes as JSON");
            return [options] { return run(*options); };
          }};
}

}  // namespace cairn::commands
