// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/affected.hpp"

#include "base/json.hpp"
#include "commands/verb.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>
#include <set>

namespace cairn::commands {
namespace {

struct Options {
  std::string since;
  std::string build_dir = ".";
  bool targets = false;
  bool json = false;
};

void print_targets(const stack::Affected& affected) {
  std::set<std::string> printed;
  for (const stack::AffectedImage& image : affected.affected) {
    const bool only_tests = image.how == stack::AffectedImage::How::tests;
    if (!only_tests && printed.insert(image.target).second) fmt::print("{}\n", image.target);
    const std::string test = image.target + "-test";
    if (!image.tests.empty() && printed.insert(test).second) fmt::print("{}\n", test);
  }
}

ExitCode run(const Options& options, const Context& context) {
  const stack::Affected affected =
      stack::find_affected(options.build_dir, options.since, context.open_engine);
  if (options.json) {
    fmt::print("{}", pretty_json(stack::to_json(affected)));
  } else if (options.targets) {
    print_targets(affected);
  } else {
    fmt::print("{}", stack::format_affected(affected));
  }
  return ExitCode::done;
}

}  // namespace

Verb affected_verb() {
  return {
      "affected", "Shows which images and tests the changes since a git revision reach",
      "cairn affected --since origin/main -C build/x86_64",
      [](CLI::App& app, const Context& context) {
        const auto options = std::make_shared<Options>();
        app.add_option("--since", options->since, "Branch, tag or commit")->required();
        app.add_option("-C,--build-dir", options->build_dir, "Build folder")->capture_default_str();
        app.add_flag("--targets", options->targets, "Print only the targets to build, one a line");
        app.add_flag("--json", options->json, "Print it as JSON");
        return [options, &context] { return run(*options, context); };
      }};
}

}  // namespace cairn::commands
