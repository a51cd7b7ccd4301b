// SPDX-License-Identifier: BSD-3-Clause
#include "build_fixture.hpp"
#include "stack/build/binding.hpp"
#include "stack/model/key_file.hpp"

#include <gmock/gmock.h>

#include <chrono>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;
using cairn::testing::config_of;
using cairn::testing::image_of;
using cairn::testing::SeenBuild;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class Builder : public BuildFixture {
 protected:
  void add_web() {
    stack.add("web", "FROM scratch\nCOPY index.html /\n");
    write_file(stack.source("web") / "index.html", "hello");
  }
  std::string id_of(const std::vector<std::string>& layers) const {
    return image_of(config_of(layers)).id;
  }
};

TEST_F(Builder, AsksTheEngineForWhatTheDescriptionSays) {
  add_web();
  write_file(stack.root() / "token", "secret");
  stack.change("web", {{"labels", {{"a", "b"}}},
                       {"network", "none"},
                       {"added_hosts", {"x:1.2.3.4"}},
                       {"ssh", {"default"}},
                       {"flags", {"--squash"}},
                       {"secrets", {{"token", (stack.root() / "token").string()}}}});
  build("web", {"l1"});
  ASSERT_EQ(world().builds.size(), 1U);
  const SeenBuild& seen = world().builds.front();
  EXPECT_EQ(seen.recipe, "FROM scratch\nCOPY index.html /\n");
  EXPECT_EQ(seen.files, (std::map<std::string, std::string>{{"index.html", "hello"}}));
  const engine::BuildRequest& request = seen.request;
  EXPECT_EQ(request.platform.to_string(), "linux/amd64");
  EXPECT_FALSE(request.emulated);
  EXPECT_EQ(request.target, "");
  EXPECT_EQ(request.labels, (std::map<std::string, std::string>{{"a", "b"}}));
  EXPECT_EQ(request.network, "none");
  EXPECT_THAT(request.added_hosts, ElementsAre("x:1.2.3.4"));
  EXPECT_THAT(request.ssh, ElementsAre("default"));
  EXPECT_THAT(request.flags, ElementsAre("--squash"));
  ASSERT_EQ(request.secrets.size(), 1U);
  EXPECT_EQ(request.secrets[0].id, "token");
  EXPECT_EQ(request.secrets[0].source, (stack.root() / "token").string());
  EXPECT_FALSE(request.no_cache);
}

TEST_F(Builder, AsksForEmulationWhereTheEngineIsOfAnotherMachine) {
  add_web();
  world().native = oci::Platform::parse("linux/arm64");
  build("web", {"l1"});
  EXPECT_TRUE(world().builds.front().request.emulated);
}

TEST_F(Builder, RecordsAndNamesWhatItBuilt) {
  add_web();
  const BuildReport report = build("web", {"l1"});
  EXPECT_EQ(report.outcome, BuildOutcome::built);
  const ImageRecord seen = record("web");
  EXPECT_EQ(seen.to_text(), report.record.to_text());
  EXPECT_EQ(seen.stack, "family");
  EXPECT_EQ(seen.target, "web");
  EXPECT_EQ(seen.repository, "quay.io/me/web");
  EXPECT_EQ(seen.platform, "linux/amd64");
  EXPECT_EQ(seen.arch, "x86_64");
  EXPECT_EQ(seen.engine_id, id_of({"l1"}));
  EXPECT_EQ(seen.config_digest, id_of({"l1"}));
  EXPECT_EQ(seen.identity, oci::content_identity(config_of({"l1"})));
  EXPECT_EQ(seen.endpoint, "engine A");
  EXPECT_EQ(seen.size, 1000U);
  EXPECT_EQ(seen.local_name, "quay.io/me/web:latest");
  EXPECT_EQ(seen.bound_name, "");
  EXPECT_EQ(seen.build_key, build_key(seen.input_key, {}));
  EXPECT_EQ(read_file(folder("web").config()), seen.config_digest + "\n");
  EXPECT_EQ(read_file(folder("web").identity()), seen.identity + "\n");
  EXPECT_EQ(world().id_of("quay.io/me/web:latest"), seen.engine_id);
  EXPECT_THAT(said, ElementsAre("building 'web'", MatchesRegex("built 'web' in .* s, 1.00 kB")));
}

TEST_F(Builder, FindsWhatIsBuiltAndAsksForNothing) {
  add_web();
  const ImageRecord first = build("web", {"l1"}).record;
  said.clear();
  const BuildReport again = build("web", {"l2"});
  EXPECT_EQ(again.outcome, BuildOutcome::reused);
  EXPECT_EQ(again.record.to_text(), first.to_text());
  EXPECT_EQ(world().builds.size(), 1U);
  EXPECT_THAT(said, IsEmpty());
}

TEST_F(Builder, GivesWhatIsBuiltTheNamesThatItIsDeclaredWith) {
  add_web();
  stack.change("web", {{"is_parent", true}});
  const ImageRecord first = build("web", {"l1"}).record;
  const fs::path config = folder("web").config();
  const fs::file_time_type past = fs::last_write_time(config) - std::chrono::hours(1);
  fs::last_write_time(config, past);
  stack.change("web", {{"repository", "ghcr.io/you/web"}, {"stack", "other"}});
  const BuildReport again = build("web", {"l2"});
  EXPECT_EQ(again.outcome, BuildOutcome::reused);
  EXPECT_EQ(again.record.repository, "ghcr.io/you/web");
  EXPECT_EQ(world().id_of("ghcr.io/you/web:latest"), first.engine_id);
  EXPECT_EQ(world().id_of("quay.io/me/web:latest"), "");
  EXPECT_EQ(world().id_of(first.bound_name), "");
  EXPECT_EQ(world().id_of(again.record.bound_name), first.engine_id);
  EXPECT_GT(fs::last_write_time(config), past) << "tags and manifest stay behind";
  fs::last_write_time(config, past);
  build("web", {"l2"});
  EXPECT_EQ(fs::last_write_time(config), past);
}

TEST_F(Builder, KeepsTheOldImageOfAnotherName) {
  add_web();
  stack.change("web", {{"keep_images", 2}});
  build("web", {"l1"});
  write_file(stack.source("web") / "index.html", "bye");
  stack.change("web", {{"repository", "quay.io/me/site"}});
  build("web", {"l2"});
  EXPECT_EQ(world().id_of("quay.io/me/web:latest"), "");
  EXPECT_EQ(world().images.count(id_of({"l1"})), 1U) << "it went with its last name";
}

TEST_F(Builder, LeavesAFormerNameThatIsAnothersNow) {
  add_web();
  build("web", {"l1"});
  stack.change("web", {{"repository", "quay.io/me/site"}});
  const std::string other = world().hold(config_of({"other"}), {"quay.io/me/web:latest"});
  for (auto& [id, image] : world().images) {
    if (id != other) std::erase(image.names, "quay.io/me/web:latest");
  }
  build("web", {"l1"});
  EXPECT_EQ(world().id_of("quay.io/me/web:latest"), other);
}

TEST_F(Builder, BuildsAgainWhatIsGoneFromTheEngine) {
  add_web();
  build("web", {"l1"});
  world().images.clear();
  EXPECT_EQ(build("web", {"l2"}).outcome, BuildOutcome::built);
}

TEST_F(Builder, BuildsAgainWhenTheEngineHoldsAnotherConfigUnderTheId) {
  add_web();
  build("web", {"l1"});
  world().images.begin()->second.config_digest = "sha256:other";
  EXPECT_EQ(build("web", {"l1"}).outcome, BuildOutcome::kept);
  EXPECT_EQ(world().builds.size(), 2U);
}

TEST_F(Builder, ForcedItBuildsWhatIsKnown) {
  add_web();
  build("web", {"l1"});
  EXPECT_EQ(build("web", {"l2"}, {.force = true}).outcome, BuildOutcome::built);
  EXPECT_FALSE(world().builds.back().request.no_cache);
  EXPECT_EQ(build("web", {"l3"}, {.no_cache = true}).outcome, BuildOutcome::built);
  EXPECT_TRUE(world().builds.back().request.no_cache);
  EXPECT_EQ(world().builds.size(), 3U);
}

TEST_F(Builder, KeepsTheOldImageWhenTheContentIsTheSame) {
  add_web();
  const ImageRecord first = build("web", {"l1"}).record;
  write_file(stack.source("web") / "index.html", "hello again");
  world().on_build = [this](const SeenBuild&) {
    return world().hold(config_of({"l1"}), {}, "twin");
  };
  said.clear();
  const BuildReport again = build("web", {});
  EXPECT_EQ(again.outcome, BuildOutcome::kept);
  EXPECT_EQ(again.record.engine_id, first.engine_id);
  EXPECT_EQ(again.record.config_digest, first.config_digest);
  EXPECT_EQ(again.record.created, first.created);
  EXPECT_NE(again.record.build_key, first.build_key);
  EXPECT_EQ(world().images.size(), 1U);  // the twin is dropped
  EXPECT_THAT(said.back(), MatchesRegex("built 'web' in .*, 1.00 kB: same content, kept"));
}

TEST_F(Builder, TakesTheNewImageOfTheSameContentWhenTheOldOneIsGone) {
  add_web();
  build("web", {"l1"});
  write_file(stack.source("web") / "index.html", "hello again");
  world().images.clear();
  world().on_build = [this](const SeenBuild&) {
    return world().hold(config_of({"l1"}), {}, "twin");
  };
  const BuildReport again = build("web", {});
  EXPECT_EQ(again.outcome, BuildOutcome::kept);
  EXPECT_EQ(again.record.engine_id, image_of(config_of({"l1"}), "twin").id);
}

TEST_F(Builder, LeavesTheTwinOfAnotherTargetAlone) {
  add_web();
  build("web", {"l1"});
  write_file(stack.source("web") / "index.html", "hello again");
  const std::string twin = world().hold(config_of({"l1"}), {"quay.io/you/other:latest"}, "twin");
  world().on_build = [&](const SeenBuild&) { return twin; };
  EXPECT_EQ(build("web", {}).outcome, BuildOutcome::kept);
  EXPECT_EQ(world().id_of("quay.io/you/other:latest"), twin);
}

TEST_F(Builder, DropsWhatANewImageReplaces) {
  add_web();
  build("web", {"l1"});
  write_file(stack.source("web") / "index.html", "bye");
  EXPECT_EQ(build("web", {"l2"}).outcome, BuildOutcome::built);
  EXPECT_EQ(world().images.count(id_of({"l1"})), 0U);
  EXPECT_EQ(world().id_of("quay.io/me/web:latest"), id_of({"l2"}));
}

TEST_F(Builder, BindsAChildToTheParentJustBuilt) {
  add_web();
  stack.add("child", "FROM quay.io/me/web\nCOPY x /\n", {"web"});
  write_file(stack.source("child") / "x", "x");
  const ImageRecord parent = build("web", {"l1"}).record;
  const ImageRecord child = build("child", {"l1", "l2"}).record;
  EXPECT_EQ(parent.bound_name, bound_name("family", "web", "x86_64", parent.identity));
  EXPECT_EQ(world().id_of(parent.bound_name), parent.engine_id);
  EXPECT_EQ(world().builds.back().recipe, "FROM " + parent.bound_name + "\nCOPY x /\n");
  EXPECT_EQ(child.build_key, build_key(child.input_key, {parent.identity}));
  ASSERT_EQ(child.parents.size(), 1U);
  EXPECT_EQ(child.parents[0].target, "web");
  EXPECT_EQ(child.parents[0].identity, parent.identity);
  EXPECT_EQ(child.parents[0].config_digest, parent.config_digest);
  EXPECT_EQ(child.parents[0].build_key, parent.build_key);
}

TEST_F(Builder, FilesAnImageUnderTheKeyOfTheFilesThatItReallyGot) {
  add_web();
  scan_stack(stack.stack_file(), stack.open);
  const std::string scanned = KeyFile::read_if_present(folder("web").key())->input;
  write_file(stack.source("web") / "index.html", "edited between scan and build");
  world().builds_to = config_of({"l1"});
  EXPECT_NE(build_only("web").record.input_key, scanned);
  EXPECT_EQ(world().builds.back().files.at("index.html"), "edited between scan and build");
  // The next scan gives that key, and the image is found.
  EXPECT_EQ(build("web", {"l2"}).outcome, BuildOutcome::reused);
  write_file(stack.source("web") / "index.html", "hello");
  EXPECT_EQ(build("web", {"l2"}).outcome, BuildOutcome::built);
}

TEST_F(Builder, FindsWhatTheFilesHaveBecomeSinceTheScan) {
  add_web();
  stack.change("web", {{"keep_images", 2}});
  const ImageRecord first = build("web", {"l1"}).record;
  write_file(stack.source("web") / "index.html", "bye");
  build("web", {"l2"});
  write_file(stack.source("web") / "index.html", "new");
  scan_stack(stack.stack_file(), stack.open);
  write_file(stack.source("web") / "index.html", "hello");
  const BuildReport back = build_only("web");
  EXPECT_EQ(back.outcome, BuildOutcome::reused);
  EXPECT_EQ(back.record.engine_id, first.engine_id);
  EXPECT_EQ(world().builds.size(), 2U);
}

TEST_F(Builder, DecidesAboutGeneratedFilesByWhatTheyAre) {
  const fs::path made = stack.root() / "build/tool";
  stack.add("web", "FROM scratch\nCOPY bin/tool /\n", {},
            {{"generated", {{{"from", made.string()}, {"into", "bin/"}}}}});
  write_file(made, "one");
  EXPECT_EQ(build("web", {"l1"}).outcome, BuildOutcome::built);
  EXPECT_EQ(world().builds.back().files.at("bin/tool"), "one");
  EXPECT_EQ(build("web", {"l2"}).outcome, BuildOutcome::reused);
  write_file(made, "two");
  EXPECT_EQ(build("web", {"l2"}).outcome, BuildOutcome::built);
  EXPECT_EQ(world().builds.back().files.at("bin/tool"), "two");
  // Other platforms hold other bytes: no source key covers them, and the record says so.
  const ImageRecord record = ImageRecord::read(stack.folder("web") / "image.json");
  EXPECT_EQ(record.source_key, KeyFile::read_if_present(stack.folder("web") / "key")->source);
  EXPECT_TRUE(record.generated);
}

// The scan sees the file that lies in the context, before the build lays its own over it.
TEST_F(Builder, NamesTheSourceWhereAMadeFileCoversAWrittenOne) {
  const fs::path made = stack.root() / "build/tool";
  stack.add("web", "FROM scratch\nCOPY bin /bin\n", {},
            {{"generated", {{{"from", made.string()}, {"into", "bin/"}}}}});
  write_file(made, "made");
  write_file(stack.source("web") / "bin/tool", "written");
  write_file(stack.source("web") / "bin/other", "other");
  EXPECT_EQ(build("web", {"l1"}).outcome, BuildOutcome::built);
  EXPECT_EQ(world().builds.back().files.at("bin/tool"), "made");
  const auto scanned = [&] {
    return KeyFile::read_if_present(stack.folder("web") / "key")->source;
  };
  const auto recorded = [&] { return ImageRecord::read(stack.folder("web") / "image.json"); };
  EXPECT_EQ(recorded().source_key, scanned());
  write_file(stack.source("web") / "bin/other", "another");
  EXPECT_EQ(build("web", {"l2"}).outcome, BuildOutcome::built);
  EXPECT_EQ(recorded().source_key, scanned());
}

// Laid over a folder, and behind a link, made files hide more than what lies at their paths.
TEST_F(Builder, NamesTheSourceWhereMadeFilesHideOthers) {
  const fs::path made = stack.root() / "build/tool";
  write_file(made, "made");
  const Json generated{{"generated", {{{"from", made.string()}, {"into", "bin/"}}}}};
  for (const std::string target : {"folder", "link"})
    stack.add(target, "FROM scratch\nCOPY bin /bin\nLABEL of=" + target + "\n", {}, generated);
  write_file(stack.source("folder") / "bin/tool/readme", "covered");
  write_file(stack.source("link") / "real/other", "behind the link");
  fs::create_symlink("real", stack.source("link") / "bin");
  for (const char* target : {"folder", "link"}) {
    EXPECT_EQ(build(target, {std::string("l-") + target}).outcome, BuildOutcome::built);
    EXPECT_EQ(ImageRecord::read(stack.folder(target) / "image.json").source_key,
              KeyFile::read_if_present(stack.folder(target) / "key")->source)
        << target;
  }
}

TEST_F(Builder, KnowsAnImageWhoseWholeContextIsMade) {
  const fs::path made = stack.root() / "made";
  stack.add("root", "FROM quay.io/you/debian:12\nADD root.tar /\n", {},
            {{"source", "generated"}, {"context", made.string()}});
  world().hold(config_of({"base"}), {"quay.io/you/debian:12"});
  write_file(made / "root.tar", "one");
  EXPECT_EQ(build("root", {"base", "l1"}).outcome, BuildOutcome::built);
  EXPECT_EQ(world().builds.back().files, (std::map<std::string, std::string>{{"root.tar", "one"}}));
  EXPECT_EQ(build("root", {}).outcome, BuildOutcome::reused);
  // A base that moves under its name is seen, though no scan keys it here.
  world().images.clear();
  world().hold(config_of({"base2"}), {"quay.io/you/debian:12"});
  EXPECT_EQ(build("root", {"base2", "l1"}).outcome, BuildOutcome::built);
}

TEST_F(Builder, TakesDamagedRecordsAsNone) {
  add_web();
  build("web", {"l1"});
  write_file(folder("web").image_record(), "{\"schema\": \"cairn/image-record/1\", ");
  EXPECT_EQ(build("web", {"l2"}).outcome, BuildOutcome::reused);
  EXPECT_EQ(record("web").engine_id, id_of({"l1"}));
  for (const auto& entry : fs::recursive_directory_iterator(stack.store())) {
    if (entry.is_regular_file()) write_file(entry.path(), "damaged");
  }
  EXPECT_EQ(build("web", {"l2"}).outcome, BuildOutcome::built);
  EXPECT_EQ(record("web").engine_id, id_of({"l2"}));
}

TEST_F(Builder, SaysThatALongBuildLives) {
  add_web();
  world().ticks = 2;
  build("web", {"l1"});
  EXPECT_THAT(said, ElementsAre("building 'web'", MatchesRegex("building 'web': [0-9.]+ s"),
                                MatchesRegex("building 'web': [0-9.]+ s"),
                                MatchesRegex("built 'web' in .*")));
}

TEST_F(Builder, LeavesNothingOfItsOwnBehind) {
  add_web();
  write_file(folder("web").path / ".stage-killed/context/x", "of a build that was killed");
  build("web", {"l1"});
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder("web").path))
    names.push_back(entry.path().filename());
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("build.json", "build.log", "config",
                                                     "identity", "image.json", "key"));
}

TEST_F(Builder, BlanksStagesThatTheLegacyBuilderWouldBuildForNothing) {
  stack.add("web", "FROM quay.io/you/unused AS unused\nRUN x\nFROM scratch\nCOPY index.html /\n");
  write_file(stack.source("web") / "index.html", "hello");
  world().capabilities.builds_unneeded_stages = true;
  build("web", {"l1"});
  EXPECT_EQ(world().builds.back().recipe, "\n\nFROM scratch\nCOPY index.html /\n");
}

TEST_F(Builder, AsksForOneTimeWhereAnImageIsReproducible) {
  add_web();
  stack.change("web", {{"reproducible", true}});
  stack.change_engine({{"kind", "buildah"}, {"builder", ""}});
  build("web", {"l1"});
  EXPECT_THAT(world().builds.back().request.flags, ElementsAre("--timestamp", "946684800"));
}

}  // namespace
}  // namespace cairn::stack
