// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/graph.hpp"

#include "base/json.hpp"
#include "commands/verb.hpp"
#include "stack/model/layout.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>

namespace cairn::commands {
namespace {

struct Options {
  std::string build_dir = ".";
  std::string format = "tree";
  bool json = false;
};

std::string format_as(const std::string& format, const stack::Graph& graph) {
  if (format == "dot") return stack::format_dot(graph);
  if (format == "mermaid") return stack::format_mermaid(graph);
  return stack::format_tree(graph);
}

ExitCode run(const Options& options, const Context& context) {
  const bool json = options.json || options.format == "json";
  Json all = Json::array();
  for (const auto& file : stack::find_stack_files(options.build_dir)) {
    stack::StackView view(file, context.open_engine);
    const stack::Graph graph = stack::make_graph(view);
    if (json) {
      all.push_back(stack::to_json(graph));
    } else {
      fmt::print("{}", format_as(options.format, graph));
    }
  }
  if (json) fmt::print("{}", pretty_json(all));
  return ExitCode::done;
}

}  // namespace

Verb graph_verb() {
  return {
      "graph", "Draws the images, what they stand on, and the state of each",
      "cairn graph -C build/x86_64 --format mermaid", [](CLI::App& app, const Context& context) {
        const auto options = std::make_shared<Options>();
        app.add_option("build_dir,-C,--build-dir", options->build_dir, "Build folder or stack file")
            ->capture_default_str();
        app.add_option("--format", options->format, "tree, dot, mermaid or json")
            ->check(CLI::IsMember({"tree", "dot", "mermaid", "json"}))
            ->capture_default_str();
        app.add_flag("--json", options->json, "The same as --format json");
        return [options, &context] { return run(*options, context); };
      }};
}

}  // namespace cairn::commands
