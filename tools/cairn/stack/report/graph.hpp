// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/report/stack_view.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace cairn::stack {

struct GraphNode {
  std::string id;  ///< `base-notebook/x86_64`, or an external base's reference
  std::string label;
  std::string target, platform;  ///< empty for an external base
  bool external = false;
  ImageState state = ImageState::fresh;  ///< of an image
};

struct GraphEdge {
  enum class Kind { base, content };  ///< stands on it; copies from it or mounts it
  std::string from, to;               ///< IDs: parent, child
  Kind kind = Kind::base;
  bool operator==(const GraphEdge&) const = default;
};

struct Graph {
  std::string stack;
  std::vector<GraphNode> nodes;  ///< external bases first, then images, parents first
  std::vector<GraphEdge> edges;
};

/// The images of a stack, what they stand on and copy from, and how each is.
Graph make_graph(StackView& view);

std::string format_tree(const Graph& graph);
std::string format_dot(const Graph& graph);
std::string format_mermaid(const Graph& graph);

/// `cairn/graph/1`.
nlohmann::json to_json(const Graph& graph);

}  // namespace cairn::stack
