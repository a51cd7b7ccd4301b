// SPDX-License-Identifier: BSD-3-Clause
#include "base/text.hpp"
#include "commands/verb.hpp"
#include "stack/build/cleanup.hpp"
#include "stack/model/layout.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <memory>

namespace cairn::commands {
namespace {

struct Options {
  std::string build_dir = ".";
  stack::CleanOptions clean;
};

ExitCode run(const Options& options, const Context& context) {
  for (const auto& file : stack::find_stack_files(options.build_dir)) {
    for (const stack::CleanedImage& image :
         stack::clean_stack(file, options.clean, context.open_engine)) {
      fmt::print("{}{} {} of '{}', {}\n", options.clean.dry_run ? "would remove " : "removed ",
                 image.superseded ? "superseded image" : "image", image.engine_id.substr(0, 19),
                 image.target, format_bytes(image.size));
    }
  }
  return ExitCode::done;
}

}  // namespace

Verb clean_verb() {
  return {
      "clean", "Removes this build folder's images from the engine",
      "cairn clean -C build/x86_64 --superseded", [](CLI::App& app, const Context& context) {
        const auto options = std::make_shared<Options>();
        app.add_option("-C,--build-dir", options->build_dir, "Build folder")->capture_default_str();
        app.add_flag("--superseded", options->clean.superseded_only,
                     "Only images that newer ones replaced");
        app.add_flag("--dry-run", options->clean.dry_run, "Only say what would go");
        return [options, &context] { return run(*options, context); };
      }};
}

}  // namespace cairn::commands
