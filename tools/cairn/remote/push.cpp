// SPDX-License-Identifier: BSD-3-Clause
#include "publish/push.hpp"

#include "remote/publishing.hpp"
#include "remote/push_text.hpp"
#include "remote/verbs.hpp"
#include "stack/release/exported.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>

namespace cairn::remote {
namespace {

struct Options {
  std::vector<std::string> images;
  PublishingOptions publishing;
};

/// One stack to one destination.
Json push(const stack::ReleaseDescription& description,
          const std::vector<stack::ExportRecord>& exports, publish::Destination& destination,
          bool json) {
  const registry::PushReport report = publish::push_exports(description, exports, destination);
  Json pushed = Json::array();
  for (const stack::ExportRecord& exported : exports) {
    const std::string reference =
        destination.place_of(exported.repository) + "@" + exported.manifest.digest.to_string();
    pushed.push_back(
        {{"target", exported.target}, {"platform", exported.platform}, {"reference", reference}});
    if (!json) fmt::print("pushed '{}' ({})\n", reference, exported.platform);
  }
  if (!json) fmt::print("{}\n", format_push(report));
  return {{"schema", "cairn/push-report/1"},
          {"stack", description.stack},
          {"destination", destination.name()},
          {"pushed", pushed},
          {"counts", to_json(report)}};
}

ExitCode run(const Options& options) {
  const auto descriptions = options.publishing.descriptions();
  registry::Client client(options.publishing.client_options(descriptions));
  Json all = Json::array();
  for (const stack::ReleaseDescription& description : descriptions) {
    const auto exports = stack::exported_images(description, options.images);
    for (const auto& destination :
         options.publishing.destinations(description.destinations, client))
      all.push_back(push(description, exports, *destination, options.publishing.json));
  }
  if (options.publishing.json) fmt::print("{}", pretty_json(all));
  return ExitCode::done;
}

}  // namespace

commands::Verb push_verb() {
  return {"push", "Pushes exported images by digest, so that a release finds them; no tag moves",
          "cairn push base-notebook -C build/x86_64 --to quay.io",
          [](CLI::App& app, const commands::Context&) {
            const auto options = std::make_shared<Options>();
            app.add_option("image", options->images,
                           "Targets or target/arch; without one, all images that are published");
            options->publishing.add_to(app);
            return [options] { return run(*options); };
          }};
}

}  // namespace cairn::remote
