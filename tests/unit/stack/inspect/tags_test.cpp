// SPDX-License-Identifier: BSD-3-Clause
#include "stack/inspect/tags.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using Tags = std::vector<std::string>;

ProbeResult result_of(const std::string& name, const Tags& tags) {
  return {name, {}, tags, {}, {}};
}

template <typename Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const UserError& error) {
    return std::string(error.what()) + "|" + error.hint();
  }
  return "no error";
}

TEST(Tags, KeepTheOrderOfTheirProbes) {
  EXPECT_EQ(gather_tags({result_of("b", {"b-2", "b-1"}), result_of("a", {"a-1"})}),
            (Tags{"b-2", "b-1", "a-1"}));
  EXPECT_EQ(gather_tags({}), Tags{});
}

TEST(Tags, OfTwoProbesMustDiffer) {
  EXPECT_EQ(error_of([] {
              gather_tags({result_of("lab", {"4.6"}), result_of("hub", {"4.6"})});
            }),
            "probes 'lab' and 'hub' give the same tag '4.6'|put a name in front: TAGS "
            "hub-{version}");
}

TEST(Tags, NeverTakeLatest) {
  EXPECT_EQ(error_of([] { gather_tags({result_of("lab", {"latest"})}); }),
            "probe 'lab' gives the tag 'latest', which every image has|write TAGS lab-{version}");
}

TEST(Tags, CarryArchitectureAndVariant) {
  EXPECT_EQ(tag_prefix("x86_64", ""), "x86_64-");
  EXPECT_EQ(tag_prefix("aarch64", "cuda12"), "aarch64-cuda12-");
  EXPECT_EQ(
      platform_references("quay.io/jupyter/pytorch-notebook", "aarch64-cuda12-", {"python-3.13"}),
      (Tags{"quay.io/jupyter/pytorch-notebook:aarch64-cuda12-latest",
            "quay.io/jupyter/pytorch-notebook:aarch64-cuda12-python-3.13"}));
}

TEST(Tags, FitWithTheirPrefix) {
  const std::string tag(122, '1');
  EXPECT_EQ(error_of([&] { platform_references("r/x", "x86_64-", {tag}); }),
            "tag 'x86_64-" + tag +
                "' has 129 characters, at most 128 are allowed|cut the version with MATCH");
  EXPECT_EQ(error_of([&] { platform_references("r/x", "x86_64-", {tag.substr(1)}); }), "no error");
}

}  // namespace
}  // namespace cairn::stack
