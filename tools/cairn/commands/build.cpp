// SPDX-License-Identifier: BSD-3-Clause
#include "base/json.hpp"
#include "base/text.hpp"
#include "commands/verb.hpp"
#include "stack/build/builder.hpp"
#include "stack/model/description.hpp"
#include "stack/model/layout.hpp"
#include "stack/scan/scan.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>
#include <set>

namespace cairn::commands {
namespace {

struct Options {
  std::string image;
  std::string build_dir = ".";
  stack::BuildOptions build;
  bool json = false;
};

std::string to_string(stack::BuildOutcome outcome) {
  switch (outcome) {
    case stack::BuildOutcome::reused:
      return "reused";
    case stack::BuildOutcome::kept:
      return "kept";
    default:
      return "built";
  }
}

/// By hand an image is named; then nobody has scanned before us, as the graph does.
bool is_named(const Options& options) {
  return !std::filesystem::exists(std::filesystem::path(options.image) / "build.json");
}

/// What an image stands on, lowest first: else it would be built on what is out of date. Nothing is
/// forced on these.
void build_parents(const stack::ImageFolder& folder, const Options& options, const Context& context,
                   std::set<std::string>& done) {
  const auto image = stack::BuildDescription::read(folder.build_description());
  for (const stack::Parent& parent : image.parents) {
    if (!done.insert(parent.directory).second) continue;
    const stack::ImageFolder below{parent.directory};
    build_parents(below, options, context, done);
    stack::build_image(below, {.verbose = options.build.verbose}, context.open_engine);
  }
}

ExitCode run(const Options& options, const Context& context) {
  const auto folders = stack::find_images(options.build_dir, options.image);
  if (is_named(options)) {
    for (const auto& file : stack::find_stack_files(options.build_dir))
      stack::scan_stack(file, context.open_engine);
  }
  Json all = Json::array();
  std::set<std::string> done;
  for (const stack::ImageFolder& folder : folders) {
    if (is_named(options)) build_parents(folder, options, context, done);
    const stack::BuildReport report =
        stack::build_image(folder, options.build, context.open_engine);
    if (options.json) {
      Json record = Json::parse(report.record.to_text());
      record["outcome"] = to_string(report.outcome);
      all.push_back(std::move(record));
    } else if (is_named(options) && report.outcome == stack::BuildOutcome::reused) {
      fmt::print("'{}' is up to date: {}\n", report.record.target, report.record.local_name);
    }
  }
  if (options.json) fmt::print("{}", pretty_json(all));
  return ExitCode::done;
}

}  // namespace

Verb build_verb() {
  return {
      "build", "Builds one image as its key says, or finds it built",
      "cairn build base-notebook -C build/x86_64 --force",
      [](CLI::App& app, const Context& context) {
        const auto options = std::make_shared<Options>();
        app.add_option("image", options->image, "Image folder, target or target/arch")->required();
        app.add_option("-C,--build-dir", options->build_dir, "Build folder")->capture_default_str();
        app.add_flag("--force", options->build.force, "Build although a record is known");
        app.add_flag("--no-cache", options->build.no_cache,
                     "Build without the engine's layer cache");
        app.add_flag("--verbose", options->build.verbose, "Show the engine's output as it comes");
        app.add_flag("--json", options->json, "Print the image records");
        return [options, &context] { return run(*options, context); };
      }};
}

}  // namespace cairn::commands
