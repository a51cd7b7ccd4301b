// SPDX-License-Identifier: BSD-3-Clause
#include "base/json.hpp"
#include "base/text.hpp"
#include "commands/heartbeat.hpp"
#include "commands/verb.hpp"
#include "stack/inspect/inspection.hpp"
#include "stack/model/description.hpp"
#include "stack/model/layout.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>

namespace cairn::commands {
namespace {

struct Options {
  std::string image;
  std::string build_dir = ".";
  bool json = false;
};

std::string count_of(std::size_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

ExitCode run(const Options& options, const Context& context) {
  Json all = Json::array();
  for (const stack::ImageFolder& folder : stack::find_images(options.build_dir, options.image)) {
    const auto build = stack::BuildDescription::read(folder.build_description());
    const Heartbeat alive("inspecting '" + build.title() + "'");
    const auto result = stack::inspect_image(folder, [&] {
      const auto file = stack::StackFile::read(build.stack_file);
      return context.open_engine(engine::Endpoint::read(build.engine_file_in(file)));
    });
    if (options.json) {
      all.push_back(Json::parse(result.inspection.to_text()));
    } else if (result.ran && result.command_count > 0) {
      fmt::print("{}: inspected by {} in {}, {}\n", build.title(),
                 count_of(result.command_count, "command"),
                 format_seconds(result.inspection.seconds),
                 count_of(result.inspection.tags.size(), "tag"));
    }
  }
  if (options.json) fmt::print("{}", pretty_json(all));
  return ExitCode::done;
}

}  // namespace

Verb inspect_verb() {
  return {
      "inspect", "Looks into an image: its tags and build manifest",
      "cairn inspect base-notebook -C build/x86_64", [](CLI::App& app, const Context& context) {
        const auto options = std::make_shared<Options>();
        app.add_option("image", options->image, "Image folder, target or target/arch")->required();
        app.add_option("-C,--build-dir", options->build_dir, "Build folder")->capture_default_str();
        app.add_flag("--json", options->json, "Print the inspection records");
        return [options, &context] { return run(*options, context); };
      }};
}

}  // namespace cairn::commands
