// SPDX-License-Identifier: BSD-3-Clause
#include "stack/export/import.hpp"

#include "base/json.hpp"
#include "remote/images.hpp"
#include "remote/verbs.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>

namespace cairn::remote {
namespace {

struct Options {
  ImagesOptions images;
  bool json = false;
};

ExitCode run(const Options& options, const commands::Context& context) {
  Json all = Json::array();
  for (const stack::ImageFolder& folder : options.images.folders()) {
    const auto report = stack::import_image(folder, context.open_engine);
    if (options.json) {
      all.push_back(
          {{"target", report.target}, {"engine_id", report.engine_id}, {"loaded", report.loaded}});
    } else {
      fmt::print("{}: {} {}\n", report.target, report.loaded ? "loaded as" : "is there as",
                 report.engine_id);
    }
  }
  if (options.json) fmt::print("{}", pretty_json(all));
  return ExitCode::done;
}

}  // namespace

commands::Verb import_verb() {
  return {"import", "Brings exported images from the store into the engine",
          "cairn import base-notebook -C build/x86_64",
          [](CLI::App& app, const commands::Context& context) {
            const auto options = std::make_shared<Options>();
            options->images.add_to(app, true);
            app.add_flag("--json", options->json, "Print what was done as JSON");
            return [options, &context] { return run(*options, context); };
          }};
}

}  // namespace cairn::remote
