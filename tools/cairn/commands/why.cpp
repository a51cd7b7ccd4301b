// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/why.hpp"

#include "base/json.hpp"
#include "commands/verb.hpp"
#include "stack/model/layout.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <memory>

namespace cairn::commands {
namespace {

struct Options {
  std::string image;
  std::string build_dir = ".";
  bool key = false;
  bool json = false;
};

bool is_asked_for(const stack::ImageView& image, const std::vector<stack::ImageFolder>& folders) {
  return std::any_of(folders.begin(), folders.end(), [&](const stack::ImageFolder& folder) {
    return std::filesystem::absolute(folder.path).lexically_normal() == image.folder.path;
  });
}

ExitCode run(const Options& options, const Context& context) {
  const auto folders = stack::find_images(options.build_dir, options.image);
  std::vector<stack::Why> all;
  for (const auto& file : stack::stack_files_of(folders)) {
    stack::StackView view(file, context.open_engine);
    const auto outlook = stack::outlooks(view);
    for (std::size_t i = 0; i < view.images().size(); ++i) {
      if (!is_asked_for(view.images()[i], folders)) continue;
      all.push_back(stack::explain_with_key(view, outlook, i));
      // Long, and only shown when asked for.
      if (options.json && !options.key) all.back().key.clear();
    }
  }
  stack::add_history(all);
  Json list = Json::array();
  for (const stack::Why& why : all) {
    if (options.json) {
      list.push_back(stack::to_json(why));
    } else {
      fmt::print("{}", stack::format_why(why, options.key));
    }
  }
  if (options.json) {
    fmt::print("{}", pretty_json({{"schema", "cairn/why/1"}, {"images", std::move(list)}}));
  }
  return ExitCode::done;
}

}  // namespace

Verb why_verb() {
  return {
      "why", "Explains why an image is stale, fresh or missing, down to the commit",
      "cairn why scipy-notebook -C build/x86_64", [](CLI::App& app, const Context& context) {
        const auto options = std::make_shared<Options>();
        app.add_option("image", options->image, "Image folder, target or target/arch")->required();
        app.add_option("-C,--build-dir", options->build_dir, "Build folder")->capture_default_str();
        app.add_flag("--key", options->key, "Show all that the image's key holds");
        app.add_flag("--json", options->json, "Print it as JSON");
        return [options, &context] { return run(*options, context); };
      }};
}

}  // namespace cairn::commands
