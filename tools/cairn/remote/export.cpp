// SPDX-License-Identifier: BSD-3-Clause
#include "stack/export/export.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
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

void print(const stack::ExportReport& report) {
  const stack::ExportRecord& record = report.record;
  std::uint64_t bytes = 0;
  for (const stack::ExportedLayer& layer : record.layers)
    bytes += layer.blob.size;
  fmt::print("{} ({}): exported as {}, {} layer{}, {} new, {} in {}\n", record.target,
             record.platform, record.manifest.digest.to_string(), record.layers.size(),
             record.layers.size() == 1 ? "" : "s", report.compressed, format_bytes(bytes),
             format_seconds(report.seconds));
}

ExitCode run(const Options& options, const commands::Context& context) {
  Json all = Json::array();
  const auto say = [](const std::string& line) { fmt::print(stderr, "cairn: {}\n", line); };
  for (const stack::ImageFolder& folder : options.images.folders()) {
    const auto report = stack::export_image(folder, context.open_engine, say);
    if (options.json) {
      Json object = Json::parse(report.record.to_text());
      object["compressed"] = report.compressed;
      all.push_back(object);
    } else if (report.written || report.saved) {
      print(report);
    }
  }
  if (options.json) fmt::print("{}", pretty_json(all));
  return ExitCode::done;
}

}  // namespace

commands::Verb export_verb() {
  return {"export", "Puts images into the store as registries will get them",
          "cairn export base-notebook -C build/x86_64",
          [](CLI::App& app, const commands::Context& context) {
            const auto options = std::make_shared<Options>();
            options->images.add_to(app, false);
            app.add_flag("--json", options->json, "Print the export records");
            return [options, &context] { return run(*options, context); };
          }};
}

}  // namespace cairn::remote
