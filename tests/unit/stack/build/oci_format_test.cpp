// SPDX-License-Identifier: BSD-3-Clause
#include "build_fixture.hpp"
#include "oci/manifest.hpp"

namespace cairn::stack {
namespace {

/// A stack whose images podman builds.
class OciFormat : public BuildFixture {
 protected:
  OciFormat() {
    world().endpoint.kind = "podman";
    stack.change_engine({{"kind", "podman"}});
  }
  void add(const std::string& recipe, const std::vector<std::string>& flags) {
    stack.add("web", recipe, {}, {{"flags", flags}});
  }
  std::string refusal(const std::string& what) const {
    return "'web' is built with --format oci, in which there is no place for " + what +
           "\nhint: take '--format oci' out of its build flags and out of CAIRN_BUILD_FLAGS";
  }
  std::string at(int line) const {
    return " (" + (stack.source("web") / "Dockerfile").string() + ":" + std::to_string(line) + ")";
  }
};

TEST_F(OciFormat, StopsWhatItWouldLose) {
  add("FROM scratch AS first\nHEALTHCHECK CMD true\nFROM first\nCOPY Dockerfile /\n",
      {"--format", "oci"});
  EXPECT_EQ(failure("web", {"l1"}), refusal("HEALTHCHECK" + at(2)));
  EXPECT_TRUE(world().builds.empty());
  stack.change("web", {{"flags", {"--format=OCIv1"}}});
  write_file(stack.source("web") / "Dockerfile", "FROM scratch\nONBUILD LABEL a=b\n");
  EXPECT_EQ(failure("web", {"l1"}), refusal("ONBUILD" + at(2)));
  write_file(stack.source("web") / "Dockerfile", "FROM scratch\n\nSHELL [\"/bin/x\"]\n");
  EXPECT_EQ(failure("web", {"l1"}), refusal("SHELL" + at(3)));
}

TEST_F(OciFormat, StopsWhatTheParentWouldLose) {
  stack.add("root", "FROM scratch\nCOPY Dockerfile /\n");
  oci::ImageConfig config = testing::config_of({"l1"});
  config.healthcheck.emplace();
  config.healthcheck->test = {"CMD", "true"};
  world().builds_to = config;
  scan_stack(stack.stack_file(), stack.open);
  build_only("root");
  stack.add("web", "FROM quay.io/me/root\nCOPY Dockerfile /\n", {"root"},
            {{"flags", {"--format=oci"}}});
  EXPECT_EQ(failure("web", {"l1", "l2"}), refusal("the HEALTHCHECK that it has from 'root'"));
  // One that is taken away is not lost.
  write_file(stack.source("web") / "Dockerfile",
             "FROM quay.io/me/root\nHEALTHCHECK NONE\nCOPY Dockerfile /\n");
  EXPECT_EQ(failure("web", {"l1", "l2"}), "nothing");
}

TEST_F(OciFormat, LetsEverythingElseThrough) {
  const std::string recipe = "FROM scratch\nHEALTHCHECK CMD true\n";
  add(recipe, {"--format", "oci", "--format", "docker"});
  EXPECT_EQ(failure("web", {"l1"}), "nothing");
  stack.change("web", {{"flags", {"--format"}}});
  EXPECT_EQ(failure("web", {"l1"}), "nothing");
  // A stage that is only copied from may have what it likes.
  stack.change("web", {{"flags", {"--format", "oci"}}});
  write_file(stack.source("web") / "Dockerfile",
             "FROM scratch AS first\nHEALTHCHECK CMD true\nCOPY Dockerfile /\n"
             "FROM scratch\nCOPY --from=first Dockerfile /\n");
  EXPECT_EQ(failure("web", {"l1"}), "nothing");
}

TEST_F(OciFormat, IsNoQuestionForDocker) {
  world().endpoint.kind = "docker";
  stack.change_engine({{"kind", "docker"}});
  add("FROM scratch\nHEALTHCHECK CMD true\n", {"--format", "oci"});
  EXPECT_EQ(failure("web", {"l1"}), "nothing");
}

TEST_F(OciFormat, ReplacesAnImageOfTheSameContentInTheOtherFormat) {
  add("FROM scratch\nCOPY Dockerfile /\n", {});
  EXPECT_EQ(build("web", {"l1"}).outcome, BuildOutcome::built);
  const std::string docker = record("web").engine_id;
  stack.change("web", {{"flags", {"--format", "oci"}}});
  world().on_build = [&](const testing::SeenBuild&) {
    const std::string id = world().hold(testing::config_of({"l1"}), {}, "oci");
    world().images.at(id).config_media_type = oci::kOciConfig;
    return id;
  };
  const BuildReport report = build("web", {"l1"});
  EXPECT_EQ(report.outcome, BuildOutcome::built);
  EXPECT_NE(report.record.engine_id, docker);
}

}  // namespace
}  // namespace cairn::stack
