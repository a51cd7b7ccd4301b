// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/status.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "commands/verb.hpp"
#include "stack/model/description.hpp"
#include "stack/model/layout.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>

namespace cairn::commands {
namespace {

struct Options {
  std::string build_dir = ".";
  bool json = false;
};

std::string clean_command(const std::string& build_dir) {
  const std::string command = "cairn clean --undeclared";
  return build_dir == "." ? command : command + " -C " + shell_quote(build_dir);
}

ExitCode run(const Options& options, const Context& context) {
  Json all = Json::array();
  for (const auto& file : stack::find_stack_files(options.build_dir)) {
    const auto images = stack::stack_status(file, context.open_engine);
    const auto undeclared = stack::undeclared_status(file, context.open_engine);
    if (options.json) {
      all.push_back(stack::to_json(stack::StackFile::read(file).stack, images, undeclared));
    } else {
      fmt::print("{}{}", stack::format_table(images),
                 stack::format_undeclared(undeclared, clean_command(options.build_dir)));
    }
  }
  if (options.json) fmt::print("{}", pretty_json(all));
  return ExitCode::done;
}

}  // namespace

Verb status_verb() {
  return {"status", "Shows every image: fresh, stale or missing, size, tests, tags",
          "cairn status -C build/x86_64", [](CLI::App& app, const Context& context) {
            const auto options = std::make_shared<Options>();
            app.add_option("build_dir,-C,--build-dir", options->build_dir,
                           "Build folder or stack file")
                ->capture_default_str();
            app.add_flag("--json", options->json, "Print it as JSON");
            return [options, &context] { return run(*options, context); };
          }};
}

}  // namespace cairn::commands
