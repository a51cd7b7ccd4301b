// SPDX-License-Identifier: BSD-3-Clause
#include "base/json.hpp"
#include "base/text.hpp"
#include "commands/verb.hpp"
#include "stack/build/cleanup.hpp"
#include "stack/model/layout.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>

namespace cairn::commands {
namespace {

struct Options {
  std::string build_dir = ".";
  stack::CleanOptions clean;
  bool json = false;
};

Json to_json(const stack::Cleaned& cleaned) {
  Json list = Json::array();
  for (const stack::CleanedImage& image : cleaned.images) {
    list.push_back({{"target", image.target},
                    {"engine_id", image.engine_id},
                    {"size", image.size},
                    {"superseded", image.superseded}});
  }
  for (const stack::CleanedFolder& folder : cleaned.folders) {
    list.push_back(
        {{"name", folder.name}, {"folder", folder.path.string()}, {"kept", folder.kept}});
  }
  return list;
}

void print(const stack::Cleaned& cleaned, bool dry_run) {
  const std::string removed = dry_run ? "would remove" : "removed";
  for (const stack::CleanedImage& image : cleaned.images) {
    fmt::print("{} {} {} of '{}', {}\n", removed, image.superseded ? "superseded image" : "image",
               image.engine_id.substr(0, 19), image.target, format_bytes(image.size));
  }
  for (const stack::CleanedFolder& folder : cleaned.folders) {
    if (folder.kept.empty()) {
      fmt::print("{} the records of '{}'\n", removed, folder.name);
    } else {
      fmt::print("kept the image and the records of '{}': {}\n", folder.name, folder.kept);
    }
  }
}

ExitCode run(const Options& options, const Context& context) {
  Json all = Json::array();
  for (const auto& file : stack::find_stack_files(options.build_dir)) {
    const stack::Cleaned cleaned = stack::clean_stack(file, options.clean, context.open_engine);
    if (options.json) {
      for (const Json& one : to_json(cleaned))
        all.push_back(one);
    } else {
      print(cleaned, options.clean.dry_run);
    }
  }
  if (options.json) fmt::print("{}", pretty_json(all));
  return ExitCode::done;
}

}  // namespace

Verb clean_verb() {
  return {
      "clean", "Removes this build folder's images from the engine",
      "cairn clean -C build/x86_64 --superseded", [](CLI::App& app, const Context& context) {
        const auto options = std::make_shared<Options>();
        app.add_option("-C,--build-dir", options->build_dir, "Build folder")->capture_default_str();
        CLI::Option* superseded = app.add_flag("--superseded", options->clean.superseded_only,
                                               "Only images that newer ones replaced");
        app.add_flag("--undeclared", options->clean.undeclared_only,
                     "Only images that are not declared any more, and their records")
            ->excludes(superseded);
        app.add_flag("--dry-run", options->clean.dry_run, "Only say what would go");
        app.add_flag("--json", options->json, "Print what went, or would go, as JSON");
        return [options, &context] { return run(*options, context); };
      }};
}

}  // namespace cairn::commands
