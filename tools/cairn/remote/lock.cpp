// SPDX-License-Identifier: BSD-3-Clause
#include "stack/lock/lock.hpp"

#include "remote/options.hpp"
#include "remote/verbs.hpp"
#include "stack/model/layout.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>

namespace cairn::remote {
namespace {

struct Options {
  std::string build_dir = ".";
  std::vector<std::string> references;
  bool update = false, stale = false, json = false;
  RegistryOptions registry;
};

ExitCode run(const Options& options) {
  const auto mode = options.stale    ? stack::LockMode::check
                    : options.update ? stack::LockMode::update
                                     : stack::LockMode::fill;
  if (!options.references.empty() && mode == stack::LockMode::fill) {
    throw UsageError("references are for --update and --stale",
                     "cairn lock --update " + options.references.front());
  }
  registry::Client client(options.registry.client_options());
  bool changed = false;
  Json all = Json::array();
  for (const auto& file : stack::find_stack_files(options.build_dir)) {
    const auto report = stack::lock_bases(file, mode, options.references, client);
    changed = changed || report.changed();
    if (options.json) {
      all.push_back(stack::to_json(report));
    } else {
      fmt::print("{}", stack::format_report(report, mode));
    }
  }
  if (options.json) fmt::print("{}", pretty_json(all));
  return mode == stack::LockMode::check && changed ? ExitCode::failed : ExitCode::done;
}

}  // namespace

commands::Verb lock_verb() {
  return {"lock", "Pins the bases that a stack does not make itself, in a file for git",
          "cairn lock -C build/x86_64 --update debian:12",
          [](CLI::App& app, const commands::Context&) {
            const auto options = std::make_shared<Options>();
            app.add_option("-C,--build-dir", options->build_dir, "Build folder or stack file")
                ->capture_default_str();
            app.add_option("reference", options->references,
                           "With --update and --stale: only these bases");
            auto* update =
                app.add_flag("--update", options->update, "Look up locked bases again, and move");
            app.add_flag("--stale", options->stale,
                         "Only say what has moved; exit code 1 when something has")
                ->excludes(update);
            options->registry.add_to(app);
            app.add_flag("--json", options->json, "Print it as JSON");
            return [options] { return run(*options); };
          }};
}

}  // namespace cairn::remote
