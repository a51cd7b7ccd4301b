// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/graph.hpp"

#include "family.hpp"

namespace cairn::stack {
namespace {

class GraphTest : public testing::FamilyTest {
 protected:
  Graph graph() {
    StackView view(stack_file(), opener());
    return make_graph(view);
  }
};

TEST_F(GraphTest, DrawsATreeOfWhatStandsOnWhat) {
  build("base");
  build("app");
  EXPECT_EQ(format_tree(graph()),
            "docker.io/library/debian:12\n"
            "└─ base: fresh\n"
            "   └─ app: fresh\n"
            "tool: missing, copies from base\n");
}

TEST_F(GraphTest, WritesDot) {
  build("base");
  write_file(source("base") / "start.sh", "echo two\n");
  EXPECT_EQ(format_dot(graph()),
            "digraph \"family\" {\n"
            "  node [shape=box style=filled];\n"
            "  \"docker.io/library/debian:12\" [label=\"docker.io/library/debian:12\" "
            "shape=ellipse fillcolor=white];\n"
            "  \"base/x86_64\" [label=\"base\\nstale\" fillcolor=\"#fff2cc\"];\n"
            "  \"app/x86_64\" [label=\"app\\nmissing\" fillcolor=\"#eeeeee\"];\n"
            "  \"tool/x86_64\" [label=\"tool\\nmissing\" fillcolor=\"#eeeeee\"];\n"
            "  \"docker.io/library/debian:12\" -> \"base/x86_64\";\n"
            "  \"base/x86_64\" -> \"app/x86_64\";\n"
            "  \"base/x86_64\" -> \"tool/x86_64\" [style=dashed];\n"
            "}\n");
}

TEST_F(GraphTest, WritesMermaid) {
  recipe("base", "FORM debian:12\n");
  EXPECT_EQ(format_mermaid(graph()),
            "graph TD\n"
            "  n0[\"base<br>broken\"]:::broken\n"
            "  n1[\"app<br>missing\"]:::missing\n"
            "  n2[\"tool<br>missing\"]:::missing\n"
            "  n0 --> n1\n"
            "  n0 -.-> n2\n"
            "  classDef fresh fill:#d9ead3\n"
            "  classDef stale fill:#fff2cc\n"
            "  classDef missing fill:#eeeeee\n"
            "  classDef broken fill:#f4cccc\n");
}

TEST_F(GraphTest, WritesJson) {
  const Json json = to_json(graph());
  EXPECT_EQ(json.at("schema"), "cairn/graph/1");
  EXPECT_EQ(json.at("nodes").size(), 4U);
  EXPECT_EQ(json.at("nodes")[0].at("state"), "external");
  EXPECT_EQ(json.at("nodes")[1],
            Json::parse(R"({"id": "base/x86_64", "label": "base", "platform": "linux/amd64",
                            "state": "missing", "target": "base"})"));
  EXPECT_EQ(json.at("edges")[2],
            Json::parse(R"({"from": "base/x86_64", "kind": "content", "to": "tool/x86_64"})"));
}

}  // namespace
}  // namespace cairn::stack
