// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/scan.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "commands/verb.hpp"
#include "stack/model/layout.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>

namespace cairn::commands {
namespace {

struct Options {
  std::string stack = ".";
  bool json = false;
};

std::string image_name(const std::string& folder) {
  const std::filesystem::path path(folder);
  return path.parent_path().filename().string() + "/" + path.filename().string();
}

Json names(const std::vector<std::string>& folders) {
  Json list = Json::array();
  for (const std::string& folder : folders)
    list.push_back(image_name(folder));
  return list;
}

void print(const stack::ScanResult& result) {
  // Quiet unless something is worth a line: every build runs this.
  for (const std::string& folder : result.absent) {
    fmt::print("cairn: the image of '{}' is gone from the engine\n", image_name(folder));
  }
  for (const std::string& name : result.renamed) {
    fmt::print("cairn: '{}' named another image or none: set again\n", name);
  }
}

ExitCode run(const Options& options, const Context& context) {
  Json all = Json::array();
  for (const auto& file : stack::find_stack_files(options.stack)) {
    const stack::ScanResult result = stack::scan_stack(file, context.open_engine);
    if (!options.json) {
      print(result);
      continue;
    }
    all.push_back({{"schema", "cairn/scan/1"},
                   {"images", result.images},
                   {"unchanged", result.unchanged},
                   {"rewritten", names(result.rewritten)},
                   {"absent", names(result.absent)},
                   {"renamed", result.renamed}});
  }
  if (options.json) fmt::print("{}", pretty_json(all));
  return ExitCode::done;
}

}  // namespace

Verb scan_verb() {
  return {"scan", "Looks at every image of a stack and writes what changed into key files",
          "cairn scan build/x86_64", [](CLI::App& app, const Context& context) {
            const auto options = std::make_shared<Options>();
            app.add_option("stack", options->stack, "Stack file or build folder")
                ->capture_default_str();
            app.add_flag("--json", options->json, "Print what was found");
            return [options, &context] { return run(*options, context); };
          }};
}

}  // namespace cairn::commands
