// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/plan.hpp"

#include "base/json.hpp"
#include "commands/verb.hpp"
#include "stack/model/layout.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>

namespace cairn::commands {
namespace {

struct Options {
  std::vector<std::string> images;
  std::string build_dir = ".";
  bool no_tests = false;
  bool json = false;
};

ExitCode run(const Options& options, const Context& context) {
  stack::PlanOptions wanted;
  wanted.tests = !options.no_tests;
  std::vector<stack::ImageFolder>& only = wanted.only;
  for (const std::string& name : options.images) {
    const auto found = stack::find_images(options.build_dir, name);
    only.insert(only.end(), found.begin(), found.end());
  }
  const auto files =
      only.empty() ? stack::find_stack_files(options.build_dir) : stack::stack_files_of(only);
  Json all = Json::array();
  for (const auto& file : files) {
    stack::StackView view(file, context.open_engine);
    const stack::Plan plan = stack::make_plan(view, wanted);
    if (options.json) {
      all.push_back(stack::to_json(plan));
    } else {
      fmt::print("{}", stack::format_plan(plan));
    }
  }
  if (options.json) fmt::print("{}", pretty_json(all));
  return ExitCode::done;
}

}  // namespace

Verb plan_verb() {
  return {"plan", "Shows what a build would do now, in order, why, and how long it may take",
          "cairn plan -C build/x86_64", [](CLI::App& app, const Context& context) {
            const auto options = std::make_shared<Options>();
            app.add_option("image", options->images,
                           "Only these and what they stand on; all by default");
            app.add_option("-C,--build-dir", options->build_dir, "Build folder or stack file")
                ->capture_default_str();
            app.add_flag("--no-tests", options->no_tests, "Leave the tests out");
            app.add_flag("--json", options->json, "Print it as JSON");
            return [options, &context] { return run(*options, context); };
          }};
}

}  // namespace cairn::commands
