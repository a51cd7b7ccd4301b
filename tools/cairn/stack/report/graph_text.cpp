// SPDX-License-Identifier: BSD-3-Clause
#include "base/json.hpp"
#include "base/text.hpp"
#include "stack/report/graph.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>

namespace cairn::stack {
namespace {

using Kind = GraphEdge::Kind;

// Readable in print and for the colour-blind: the state is also in the label.
const char* colour_of(ImageState state) {
  switch (state) {
    case ImageState::fresh:
      return "#d9ead3";
    case ImageState::stale:
      return "#fff2cc";
    case ImageState::missing:
      return "#eeeeee";
    default:
      return "#f4cccc";
  }
}

/// Every image under the one it stands on; what it copies from is said behind its name.
class Tree {
 public:
  explicit Tree(const Graph& graph) : graph_(graph) {
    for (const GraphEdge& edge : graph.edges) {
      (edge.kind == Kind::base ? children_ : copies_)[edge.from].push_back(edge.to);
      if (edge.kind == Kind::base) placed_[edge.to] = true;
    }
  }

  std::string run() {
    for (const GraphNode& node : graph_.nodes) {
      // A base that is only copied from is named where it is used.
      if (placed_[node.id] || (node.external && children_[node.id].empty())) continue;
      draw(node, "", "");
    }
    return std::move(text_);
  }

 private:
  const GraphNode& node(const std::string& id) const {
    return *std::find_if(graph_.nodes.begin(), graph_.nodes.end(),
                         [&](const GraphNode& one) { return one.id == id; });
  }

  std::string copied_by(const std::string& id) const {
    std::vector<std::string> from;
    for (const GraphEdge& edge : graph_.edges) {
      if (edge.kind == Kind::content && edge.to == id) from.push_back(node(edge.from).label);
    }
    return from.empty() ? "" : ", copies from " + join(from, ", ");
  }

  void draw(const GraphNode& node, const std::string& front, const std::string& below) {
    text_ += front + node.label;
    if (!node.external) text_ += ": " + to_string(node.state) + copied_by(node.id);
    text_ += "\n";
    const std::vector<std::string>& children = children_[node.id];
    for (std::size_t i = 0; i < children.size(); ++i) {
      const bool last = i + 1 == children.size();
      draw(this->node(children[i]), below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "));
    }
  }

  const Graph& graph_;
  std::map<std::string, std::vector<std::string>> children_, copies_;
  std::map<std::string, bool> placed_;
  std::string text_;
};

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c == '\n' ? "\\n" : std::string(1, c);
  }
  return result + "\"";
}

std::string state_or_external(const GraphNode& node) {
  return node.external ? "external" : to_string(node.state);
}

}  // namespace

std::string format_tree(const Graph& graph) {
  return Tree(graph).run();
}

std::string format_dot(const Graph& graph) {
  std::string text = "digraph " + quoted(graph.stack) + " {\n  node [shape=box style=filled];\n";
  for (const GraphNode& node : graph.nodes) {
    const std::string look =
        node.external
            ? "label=" + quoted(node.label) + " shape=ellipse fillcolor=white"
            : fmt::format("label={} fillcolor=\"{}\"",
                          quoted(node.label + "\n" + to_string(node.state)), colour_of(node.state));
    text += fmt::format("  {} [{}];\n", quoted(node.id), look);
  }
  for (const GraphEdge& edge : graph.edges) {
    text += fmt::format("  {} -> {}{};\n", quoted(edge.from), quoted(edge.to),
                        edge.kind == Kind::content ? " [style=dashed]" : "");
  }
  return text + "}\n";
}

std::string format_mermaid(const Graph& graph) {
  std::string text = "graph TD\n";
  std::map<std::string, std::size_t> numbers;
  for (const GraphNode& node : graph.nodes) {
    const std::size_t number = numbers.size();
    numbers[node.id] = number;
    const std::string label =
        node.external ? node.label : node.label + "<br>" + to_string(node.state);
    text += node.external
                ? fmt::format("  n{}([\"{}\"])\n", number, label)
                : fmt::format("  n{}[\"{}\"]:::{}\n", number, label, to_string(node.state));
  }
  for (const GraphEdge& edge : graph.edges) {
    text += fmt::format("  n{} {} n{}\n", numbers[edge.from],
                        edge.kind == Kind::content ? "-.->" : "-->", numbers[edge.to]);
  }
  for (const ImageState state :
       {ImageState::fresh, ImageState::stale, ImageState::missing, ImageState::broken}) {
    text += fmt::format("  classDef {} fill:{}\n", to_string(state), colour_of(state));
  }
  return text;
}

Json to_json(const Graph& graph) {
  Json nodes = Json::array();
  for (const GraphNode& node : graph.nodes) {
    nodes.push_back({{"id", node.id},
                     {"label", node.label},
                     {"target", node.target},
                     {"platform", node.platform},
                     {"state", state_or_external(node)}});
  }
  Json edges = Json::array();
  for (const GraphEdge& edge : graph.edges) {
    edges.push_back({{"from", edge.from},
                     {"to", edge.to},
                     {"kind", edge.kind == Kind::base ? "base" : "content"}});
  }
  return {{"schema", "cairn/graph/1"},
          {"stack", graph.stack},
          {"nodes", std::move(nodes)},
          {"edges", std::move(edges)}};
}

}  // namespace cairn::stack
