// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/refresh.hpp"

#include "build_fixture.hpp"
#include "stack/model/key_file.hpp"
#include "stack/model/record_store.hpp"

#include <gmock/gmock.h>

namespace cairn::stack {
namespace {

using cairn::testing::config_of;
using cairn::testing::image_of;
using cairn::testing::thrown_by;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::int64_t kDay = 86400;

/// Rule 16: without the engine's cache only until one build has succeeded in the period on that
/// endpoint. The period is that of the scan.
class Refresh : public BuildFixture {
 protected:
  void SetUp() override {
    stack.add("web", "FROM scratch\nCOPY Dockerfile /\n", {}, {{"refresh", "weekly"}});
  }
  /// Whether a forced build was asked for without the engine's cache.
  bool fresh() {
    build("web", {"l1"}, {.force = true});
    return world().builds.back().request.no_cache;
  }
};

TEST_F(Refresh, TakesNoCacheUntilOneBuildHasSucceededInThePeriod) {
  EXPECT_TRUE(fresh());
  EXPECT_FALSE(fresh());
  now += 2 * kDay;  // the same week
  EXPECT_FALSE(fresh());
  now += 7 * kDay;
  EXPECT_TRUE(fresh());
  EXPECT_FALSE(fresh());
}

TEST_F(Refresh, AFailedBuildIsNone) {
  world().refuses["build"] = "no network";
  EXPECT_NE(thrown_by([&] { fresh(); }), "nothing");
  world().refuses.clear();
  EXPECT_TRUE(fresh());
}

TEST_F(Refresh, AnotherEngineHasACacheOfItsOwn) {
  EXPECT_TRUE(fresh());
  stack.change_engine({{"identity", "engine B"}});
  EXPECT_TRUE(fresh());
}

TEST_F(Refresh, NeverIsWithTheCacheAlways) {
  stack.change("web", {{"refresh", "never"}});
  EXPECT_FALSE(fresh());
}

TEST_F(Refresh, ThePeriodIsTheScansWheneverTheBuildIs) {
  world().builds_to = config_of({"l1"});
  scan_stack(stack.stack_file(), stack.open, now + 30 * kDay);
  const ImageRecord built = build_only("web").record;
  const std::string key = read_file(folder("web").key());
  EXPECT_THAT(key, HasSubstr("\nperiod 2026-W52\n"));
  EXPECT_THAT(key, HasSubstr("input " + built.input_key + "\n"));
  EXPECT_TRUE(was_refreshed(stack.store(), "engine A",
                            BuildDescription::read(folder("web").build_description()), "2026-W52"));
}

/// On `debian:12` and on what a digest pins.
class RefreshedBase : public Refresh {
 protected:
  void SetUp() override {
    stack.add("web",
              "FROM busybox@" + kDigest + " AS tool\nFROM debian:12\nCOPY --from=tool /b /\n", {},
              {{"refresh", "weekly"}});
    world().hold(config_of({"b1"}), {"docker.io/library/busybox@" + kDigest});
    hold(config_of({"old"}), kDebian);
    world().to_pull[kDebian] = pulled(config_of({"new"}));
  }
  /// As docker has what came from the registry as `debian`.
  engine::ImageInfo pulled(const oci::ImageConfig& config) const {
    engine::ImageInfo info = image_of(config);
    info.repo_digests = {"docker.io/library/debian@" + kDigest};
    return info;
  }
  /// Has the engine hold `config`, pulled as `name`.
  void hold(const oci::ImageConfig& config, const std::string& name) {
    const std::string id = world().hold(config, {name});
    world().images[id].repo_digests = pulled(config).repo_digests;
  }
  const std::string kDigest = "sha256:" + std::string(64, '1');
  const std::string kDebian = "docker.io/library/debian:12";
};

TEST_F(RefreshedBase, IsPulledAgainOnceInThePeriod) {
  const ImageRecord built = build("web", {"new", "l1"}).record;
  const std::string pull = "pull " + kDebian + " linux/amd64";
  EXPECT_THAT(world().calls_of("pull"), ElementsAre(pull));
  EXPECT_EQ(built.source_key, KeyFile::read_if_present(folder("web").key())->source);
  EXPECT_EQ(build("web", {"no"}).outcome, BuildOutcome::reused) << "the base is in the next scan";
  build("web", {"new", "l2"}, {.force = true});
  EXPECT_EQ(world().calls_of("pull").size(), 1U);
  now += 7 * kDay;
  build("web", {"new", "l3"});
  EXPECT_THAT(world().calls_of("pull"), ElementsAre(pull, pull));
}

TEST_F(RefreshedBase, StaysAsItIsWhereItCannotBePulled) {
  world().refuses["pull"] = "docker refused to pull 'x': no route to host";
  build("web", {"old", "l1"});
  EXPECT_THAT(said, Contains("warning: 'web' is built on 'docker.io/library/debian:12' as the "
                             "engine has it, REFRESH could not pull it again: docker refused to "
                             "pull 'x': no route to host"));
  said.clear();
  build("web", {"old", "l2"}, {.force = true});
  EXPECT_THAT(said, Not(Contains(HasSubstr("warning"))));
}

TEST_F(RefreshedBase, IsLeftAloneWithoutARefresh) {
  stack.change("web", {{"refresh", "never"}});
  build("web", {"old", "l1"});
  EXPECT_THAT(world().calls_of("pull"), IsEmpty());
}

/// The source key of what the platform decides is the scan's alone: no build can make it.
class SharedBase : public RefreshedBase {
 protected:
  void SetUp() override {
    RefreshedBase::SetUp();
    stack.add("api", "FROM debian:12\nARG TARGETARCH\nCOPY conf-$TARGETARCH /conf\n");
    write_file(stack.source("api") / "conf-amd64", "a");
    build("web", {"new", "l1"});
    world().builds_to = config_of({"new", "l2"});
  }
  KeyFile key() const { return *KeyFile::read_if_present(folder("api").key()); }
};

TEST_F(SharedBase, LeavesTheSourceKeyToAnImageThatIsBuiltAfterThePull) {
  ASSERT_EQ(world().calls_of("pull").size(), 1U);
  const ImageRecord built = build_only("api").record;
  EXPECT_NE(built.input_key, key().input) << "on another base than the scan saw";
  EXPECT_EQ(built.source_key, key().source);
}

TEST_F(SharedBase, HasASourceThatNoScanNamedWhereAFileWasEdited) {
  write_file(stack.source("api") / "conf-amd64", "b");
  EXPECT_NE(build_only("api").record.source_key, key().source);
}

TEST_F(SharedBase, OfAScanThatDidNotSayWhatItKeyedIsComparedWithItsBases) {
  KeyFile older = key();
  older.taken.clear();
  write_file(folder("api").key(), older.to_text());
  EXPECT_NE(build_only("api").record.source_key, older.source);
  build("api", {"new", "l2"});
  older = key();
  older.taken.clear();
  write_file(folder("api").key(), older.to_text());
  EXPECT_EQ(build_only("api", {.force = true}).record.source_key, older.source);
}

TEST_F(RefreshedBase, IsLeftToTheOtherPlatformThatTheEngineHasItFor) {
  world().images.erase(world().id_of(kDebian));
  hold(config_of({"old"}, "linux/arm64"), kDebian);
  EXPECT_THAT(failure("web", {"l1"}), HasSubstr("base 'docker.io/library/debian:12' is for "
                                                "linux/arm64, but image 'web' is for linux/amd64"));
  EXPECT_THAT(world().calls_of("pull"), IsEmpty());
}

TEST_F(RefreshedBase, IsLeftWhereItCameFromNoRegistry) {
  engine::ImageInfo& held = world().images[world().id_of(kDebian)];
  for (const std::vector<std::string>& digests :
       {std::vector<std::string>{}, {"quay.io/me/debian@" + kDigest}}) {
    held.repo_digests = digests;
    build("web", {"old", "l1"}, {.force = true});
    EXPECT_THAT(world().calls_of("pull"), IsEmpty());
    EXPECT_THAT(read_file(folder("web").build_log()),
                HasSubstr("cairn: REFRESH leaves 'docker.io/library/debian:12', which came from no "
                          "registry\n"));
    now += 7 * kDay;
  }
}

TEST_F(RefreshedBase, IsPulledWhereTheEngineTellsNoDigests) {
  stack.change_engine({{"kind", "buildah"}});
  world().images[world().id_of(kDebian)].repo_digests.clear();
  build("web", {"new", "l1"});
  EXPECT_EQ(world().calls_of("pull").size(), 1U);
}

TEST_F(RefreshedBase, IsLeftWhereAnotherStackBuiltIt) {
  stack.change_engine({{"kind", "podman"}});
  ImageRecord built;
  built.endpoint = "engine A";
  built.build_key = std::string(64, 'c');
  built.config_digest = world().id_of(kDebian);
  RecordStore(stack.store(), "engine A").file(built);
  build("web", {"old", "l1"});
  EXPECT_THAT(world().calls_of("pull"), IsEmpty());
}

TEST_F(Refresh, AnUnknownPeriodIsRefused) {
  stack.change("web", {{"refresh", "hourly"}});
  EXPECT_EQ(failure("web", {"l1"}),
            "unknown refresh period 'hourly'\n"
            "hint: write REFRESH never, daily, weekly or monthly");
}

}  // namespace
}  // namespace cairn::stack
