// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/external_base.hpp"

#include "fake_stack.hpp"
#include "stack/scan/image_scan.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using cairn::testing::config_of;
using cairn::testing::FakeEngine;
using cairn::testing::FakeStack;

const std::string kDigest = "sha256:" + std::string(64, '1');

TEST(ExternalBase, IsLookedUpUnderItsFullName) {
  EXPECT_EQ(ExternalBase::of("docker.io/library/debian").local_name(),
            "docker.io/library/debian:latest");
  EXPECT_EQ(ExternalBase::of("quay.io/you/x:1").local_name(), "quay.io/you/x:1");
  EXPECT_EQ(ExternalBase::of("quay.io/you/x@" + kDigest).local_name(), "quay.io/you/x@" + kDigest);
  EXPECT_TRUE(ExternalBase::of("quay.io/you/x@" + kDigest).is_pinned());
  EXPECT_FALSE(ExternalBase::of("quay.io/you/x:1").is_pinned());
}

TEST(ExternalBase, ScanAndBuildSeeTheSame) {
  FakeStack stack;
  stack.world->hold(config_of({"d"}), {"docker.io/library/debian:latest"});
  EngineImages images((stack.root() / "build/cairn/engine.json").string(), stack.open);
  FakeEngine engine(stack.world);
  const std::string held = oci::content_identity(config_of({"d"}));
  for (const auto& [reference, identity] :
       {std::pair{std::string("docker.io/library/debian"), held},
        {"docker.io/library/debian:latest", held},
        {"docker.io/library/debian:12", "absent"},
        {"docker.io/library/debian@" + kDigest, kDigest}}) {
    EXPECT_EQ(ExternalBase::of(reference).key_identity(images), identity) << reference;
    EXPECT_EQ(ExternalBase::of(reference).key_identity(engine), identity) << reference;
  }
}

}  // namespace
}  // namespace cairn::stack
