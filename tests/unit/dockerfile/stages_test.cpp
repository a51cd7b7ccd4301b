// SPDX-License-Identifier: BSD-3-Clause
#include "support.hpp"

#include <gtest/gtest.h>

namespace cairn::dockerfile {
namespace {

using Arguments = std::map<std::string, std::string>;
using Numbers = std::vector<int>;

std::vector<std::string> resolved(const std::string& text, const Arguments& arguments = {},
                                  const std::string& target = "") {
  const Dockerfile file = read(text, arguments);
  std::vector<std::string> names;
  for (const ImageUse& use : image_uses(file, needed_stages(file, target), arguments)) {
    names.push_back(use.resolved);
  }
  return names;
}

using Names = std::vector<std::string>;

constexpr const char* kJupyterChild =
    "# Copyright\n"
    "ARG REGISTRY=quay.io\n"
    "ARG OWNER=jupyter\n"
    "ARG BASE_IMAGE=$REGISTRY/$OWNER/docker-stacks-foundation\n"
    "FROM $BASE_IMAGE\n"
    "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\n";

constexpr const char* kJupyterRoot =
    "ARG ROOT_IMAGE=default_root_image\n"
    "FROM ubuntu:24.04@sha256:0123 AS default_root_image\n"
    "FROM mambaorg/micromamba:2@sha256:4567 AS micromamba\n"
    "FROM $ROOT_IMAGE\n"
    "RUN --mount=type=bind,from=micromamba,source=/bin/micromamba,target=/tmp/m /tmp/m x\n";

TEST(Stages, JupyterChildResolvesItsParent) {
  EXPECT_EQ(resolved(kJupyterChild), (Names{"quay.io/jupyter/docker-stacks-foundation"}));
  EXPECT_EQ(resolved(kJupyterChild, {{"OWNER", "me"}, {"REGISTRY", "localhost:5000"}}),
            (Names{"localhost:5000/me/docker-stacks-foundation"}));
  EXPECT_EQ(resolved(kJupyterChild, {{"BASE_IMAGE", "x"}}), (Names{"x"}));
}

TEST(Stages, JupyterRootTakesItsStageOnlyByDefault) {
  const Names own = {"ubuntu:24.04@sha256:0123", "mambaorg/micromamba:2@sha256:4567"};
  EXPECT_EQ(resolved(kJupyterRoot), own);
  const Arguments other = {{"ROOT_IMAGE", "debian:12"}};
  EXPECT_EQ(resolved(kJupyterRoot, other),
            (Names{"mambaorg/micromamba:2@sha256:4567", "debian:12"}));
  EXPECT_EQ(needed_stages(read(kJupyterRoot, other), ""), (Numbers{1, 2}));
}

TEST(Stages, NeededFollowsBasesCopiesAndMounts) {
  const Dockerfile file = read(
      "FROM a AS one\nFROM b AS two\nFROM c AS three\nFROM One AS four\n"
      "COPY --from=1 x y\nRUN --mount=from=three,target=/t x\nFROM d AS five\n");
  EXPECT_EQ(needed_stages(file, ""), (Numbers{4}));
  EXPECT_EQ(needed_stages(file, "FOUR"), (Numbers{0, 1, 2, 3}));
  EXPECT_EQ(needed_stages(file, "1"), (Numbers{1}));
  EXPECT_EQ(file.stages[3].base_stage, 0);
  EXPECT_EQ(file.stages[3].used_stages, (Numbers{0, 1, 2}));
}

TEST(Stages, UnknownTargetIsAnError) {
  const Dockerfile file = read("FROM a AS final\nFROM b");
  EXPECT_EQ(message_of([&] { needed_stages(file, "finl"); }),
            "Dockerfile: there is no stage 'finl'; did you mean 'final'?");
  EXPECT_EQ(message_of([&] { needed_stages(file, "2"); }), "Dockerfile: there is no stage '2'");
}

TEST(Stages, FromSeesOnlyEarlierStagesButCopySeesAll) {
  EXPECT_EQ(resolved("FROM b\nCOPY --from=b x y\nFROM c AS b", {}, "0"), (Names{"b", "c"}));
}

TEST(Stages, ImagesOfCopyAndMounts) {
  EXPECT_EQ(resolved("FROM scratch\nCOPY --from=nginx:1 a b\n"
                     "RUN --mount=type=bind,from=q/r:2,target=/x --mount=type=cache,target=/y z\n"
                     "ONBUILD COPY --from=never a b\n"),
            (Names{"nginx:1", "q/r:2"}));
}

TEST(Stages, ArgumentScopes) {
  EXPECT_EQ(resolved("FROM a\nARG x=b\nFROM ${x:-c}"), (Names{"c"})) << "stage ARGs are not global";
  EXPECT_EQ(resolved("FROM ${x:-c}", {{"x", "b"}}), (Names{"c"})) << "undeclared is unset";
  EXPECT_EQ(resolved("ARG x\nFROM ${x-c}"), (Names{"c"}));
  EXPECT_EQ(resolved("ARG x\nFROM ${x-c}", {{"x", "b"}}), (Names{"b"}));
  EXPECT_EQ(resolved("ARG x=\"a-b\"\nFROM ${x%%-*}"), (Names{"a"}));
  EXPECT_EQ(resolved("ARG v=1.2\nFROM \"a:${v}\""), (Names{"a:1.2"}));
}

TEST(Stages, PlatformArgumentsNeedNoDeclaration) {
  const Arguments arguments = platform_arguments("linux/arm/v7", "linux/amd64");
  EXPECT_EQ(arguments.at("TARGETVARIANT"), "v7");
  EXPECT_EQ(arguments.at("BUILDVARIANT"), "");
  EXPECT_EQ(arguments.at("TARGETARCH"), "arm");
  EXPECT_EQ(arguments.at("BUILDOS"), "linux");
  const Dockerfile file =
      read("FROM --platform=$BUILDPLATFORM a AS b\nFROM x-$TARGETARCH", arguments);
  EXPECT_EQ(file.stages[0].platform, "linux/amd64");
  EXPECT_EQ(file.stages[1].platform, "");
  EXPECT_EQ(image_uses(file, {1}, arguments).at(0).resolved, "x-arm");
  EXPECT_EQ(read("FROM --platform=$BUILDPLATFORM a").stages[0].platform, "$BUILDPLATFORM");
}

TEST(Stages, EmptyNamesAreErrors) {
  const Dockerfile file = read("ARG BASE\nFROM $BASE");
  EXPECT_EQ(message_of([&] { image_uses(file, {0}, {}); }),
            "Dockerfile:2:6: '$BASE' gives no image name\nFROM $BASE\n     ^");
  const Dockerfile platform = read("ARG P\nFROM --platform=$P a");
  EXPECT_EQ(message_of([&] { image_uses(platform, {0}, {}); }),
            "Dockerfile:2:17: '$P' gives no platform\nFROM --platform=$P a\n                ^");
}

TEST(Stages, DeclaredArgumentsOfNeededStages) {
  const Dockerfile file = read("ARG a=1\nFROM x AS s\nARG b c=2\nFROM y\nARG a d");
  EXPECT_EQ(declared_arguments(file, {1}), (Names{"a", "d"}));
  EXPECT_EQ(declared_arguments(file, {0, 1}), (Names{"a", "b", "c", "d"}));
}

TEST(Stages, SpansAreWhatRewritingReplaces) {
  const std::string text =
      "FROM --platform=a \"x\" AS s\nCOPY --from=\"y\" a b\nRUN "
      "--mount='type=bind,from=z,target=/x' c\n"
      "COPY --from=\"v\"w a b\n";
  const Dockerfile file = read(text);
  Names spans;
  for (const ImageUse& use : image_uses(file, {0}, {})) {
    spans.push_back(text.substr(use.span.offset, use.span.length));
  }
  EXPECT_EQ(spans, (Names{"\"x\"", "y", "z", "\"v\"w"}));
}

}  // namespace
}  // namespace cairn::dockerfile
