// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/graph.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <set>

namespace cairn::stack {
namespace {

std::string id_of(const BuildDescription& image) {
  return image.target + "/" + image.platform.arch_name();
}

class Drawing {
 public:
  explicit Drawing(StackView& view) : view_(view) {}

  Graph run() {
    graph_.stack = view_.stack().stack;
    std::vector<GraphNode> images;
    for (const ImageView& image : view_.images()) {
      images.push_back({id_of(image.image), image.image.title(), image.image.target,
                        image.image.platform.to_string(), false, image.state});
      add_edges(image);
    }
    for (const std::string& base : bases_)
      graph_.nodes.push_back({base, base, {}, {}, true, ImageState::fresh});
    graph_.nodes.insert(graph_.nodes.end(), images.begin(), images.end());
    return std::move(graph_);
  }

 private:
  void add_edges(const ImageView& image) {
    const std::string id = id_of(image.image);
    try {
      const Recipe& recipe = view_.recipe(image);
      for (std::size_t i = 0; i < recipe.uses.size(); ++i) {
        const RecipeUse& use = recipe.uses[i];
        if (!use.parent) bases_.insert(use.external);
        const std::string from =
            use.parent ? id_of(view_.parent(image.image.parents[*use.parent]).image) : use.external;
        add({from, id, recipe.final_base == i ? GraphEdge::Kind::base : GraphEdge::Kind::content});
      }
    } catch (const Error&) {
      // Its recipe cannot be read: what was declared is what is known.
      for (const Parent& parent : image.image.parents)
        add({id_of(view_.parent(parent).image), id, GraphEdge::Kind::base});
    }
  }

  void add(GraphEdge edge) {
    if (std::find(graph_.edges.begin(), graph_.edges.end(), edge) == graph_.edges.end()) {
      graph_.edges.push_back(std::move(edge));
    }
  }

  StackView& view_;
  Graph graph_;
  std::set<std::string> bases_;
};

}  // namespace

Graph make_graph(StackView& view) {
  return Drawing(view).run();
}

}  // namespace cairn::stack
