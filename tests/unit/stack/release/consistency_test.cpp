// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/consistency.hpp"

#include "base/process.hpp"
#include "release_fixture.hpp"
#include "stack/model/key_file.hpp"
#include "stack/release/exported.hpp"

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

class Consistency : public ReleaseTest {
 protected:
  ImageFolder web() const { return family.folder("web", "linux/arm64"); }
  fs::path source() const { return family.root() / "source"; }
  void git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"git", "-C", source().string(), "-c", "user.name=me", "-c",
                                         "user.email=me@localhost"});
    run_checked({arguments, {}, "", ""});
  }
  /// A work tree whose one commit has the files a to h.
  void make_work_tree() const {
    for (const char* name : {"a", "b", "c", "d", "e", "f", "g"})
      write_file(source() / name, name);
    git({"init", "-q"});
    git({"add", "."});
    git({"commit", "-q", "-m", "One"});
  }
};

TEST_F(Consistency, WantsOneSourceOnAllPlatforms) {
  change(web().image_record(), {{"source_key", std::string(64, '7')}});
  const std::string amd =
      read_json(family.folder("web").image_record()).at("source_key").get<std::string>();
  EXPECT_EQ(problems(), "'web': its platforms are of different sources: linux/amd64 of " +
                            amd.substr(0, 12) +
                            ", linux/arm64 of 777777777777\n  build all of them of one commit\n");
}

TEST_F(Consistency, WantsTheSourceOfThePublishingTree) {
  KeyFile key = *KeyFile::read_if_present(web().key());
  key.source = std::string(64, '7');
  write_file(web().key(), key.to_text());
  EXPECT_EQ(problems(),
            "'web' (linux/arm64): was built of other sources than this tree has\n"
            "  build it again, or bring the records of a build of this source\n");
  key.error = "'Dockerfile' is missing";
  key.hint = "write one";
  write_file(web().key(), key.to_text());
  EXPECT_EQ(problems(),
            "'web' (linux/arm64): its sources cannot be compared: 'Dockerfile' is "
            "missing\n  write one\n");
  write_file(web().key(), "no key\n");
  EXPECT_EQ(problems(),
            "'web' (linux/arm64): @/build/cairn/images/web/aarch64/key: expected the "
            "line 'cairn-key 1'\n");
  fs::remove(web().key());
  EXPECT_EQ(problems(), "");
}

// A commit that changed no image is a release as well.
TEST_F(Consistency, ShowsRevisionsAndNeverComparesThem) {
  change(web().image_record(), {{"revision", std::string(40, 'b')}});
  EXPECT_EQ(problems(), "");
  EXPECT_EQ(gathered().revisions.size(), 2U);
}

TEST_F(Consistency, ComparesRevisionsOfWhatTheBuildMade) {
  change(web().image_record(), {{"revision", std::string(40, 'b')}, {"generated", true}});
  EXPECT_EQ(problems(), "");  // the other one holds nothing of the kind
  change(family.folder("web").image_record(),
         {{"revision", std::string(40, 'c')}, {"generated", true}});
  EXPECT_EQ(problems(),
            "'web': what the build put into it is of different commits: linux/amd64 of "
            "cccccccccccc, linux/arm64 of bbbbbbbbbbbb\n  build all of them of one commit\n");
}

// A release tree scans nothing: it cannot know that the sources came into a commit later.
TEST_F(Consistency, WantsBuildsOfSourceTreesWithoutChanges) {
  change(web().image_record(), {{"dirty", true}});
  fs::remove(web().key());
  EXPECT_EQ(problems(),
            "'web' (linux/arm64): was built of a source tree with changes that were in no commit\n"
            "  commit them and, where it was built: cairn build @/build/cairn/images/web/aarch64; "
            "or say --allow-dirty\n");
  GateOptions options;
  options.allow_dirty = true;
  EXPECT_EQ(problems(options), "");
}

TEST_F(Consistency, TakesABuildOfChangesThatThePublishingTreeHas) {
  change(web().image_record(), {{"dirty", true}});
  EXPECT_EQ(problems(), "");
  change(web().image_record(), {{"generated", true}});  // which no key covers
  EXPECT_EQ(problems(),
            "'web' (linux/arm64): was built of a source tree with changes that were in no commit\n"
            "  commit them and, where it was built: cairn build @/build/cairn/images/web/aarch64; "
            "or say --allow-dirty\n");
}

TEST_F(Consistency, WantsBuildsOfSourceTreesThatGitTellsOf) {
  change(web().image_record(), {{"dirty", true}, {"revision", ""}});
  fs::remove(web().key());
  EXPECT_EQ(problems(),
            "'web' (linux/arm64): was built of a source tree of which git told no commit\n"
            "  have `git status` succeed there and, where it was built: cairn build "
            "@/build/cairn/images/web/aarch64; or say --allow-dirty\n");
}

TEST_F(Consistency, WantsTheParentOfThisRelease) {
  change(web().export_record(), {{"parent_manifest", "sha256:" + std::string(64, '0')}});
  EXPECT_EQ(problems(),
            "'web' (linux/arm64): was exported on another 'base' than the one of this "
            "release\n  cairn export @/build/cairn/images/web/aarch64\n");
  change(web().export_record(), {{"parent", ""}, {"parent_manifest", ""}});
  EXPECT_EQ(problems(),
            "'web' (linux/arm64): stands on 'base', and its export.json does not say "
            "so\n  cairn export @/build/cairn/images/web/aarch64\n");
}

TEST_F(Consistency, WantsTheLayersOfTheParent) {
  Json layers = read_json(web().export_record()).at("layers");
  layers.erase(layers.begin());
  change(web().export_record(), {{"layers", layers}});
  EXPECT_EQ(problems(),
            "'web' (linux/arm64): its layers do not begin with those of 'base'\n"
            "  cairn build --force @/build/cairn/images/web/aarch64\n");
}

TEST_F(Consistency, WantsEveryParentToBeTheOneThatItWasBuiltFrom) {
  family.images = {{"tools"}, {"base"}, {"web", "base"}};
  family.write();
  // Copied from, not stood upon.
  Json parents = read_json(web().image_record()).at("parents");
  parents.push_back({{"target", "tools"},
                     {"identity", std::string(64, '0')},
                     {"config_digest", "sha256:1"},
                     {"build_key", "1"}});
  change(web().image_record(), {{"parents", parents}});
  EXPECT_EQ(problems(),
            "'web' (linux/arm64): was built on another 'tools' than the one of this "
            "release\n  cairn build @/build/cairn/images/web/aarch64\n");
}

TEST_F(Consistency, AsksNothingOfAParentThatIsNotPublished) {
  family.image("base").published = false;
  family.write();
  change(web().export_record(), {{"parent_manifest", "sha256:" + std::string(64, '0')}});
  EXPECT_EQ(problems(), "");
}

/// `base` and `site` are published, `hidden` and `inner` between them are not.
class Ancestor : public Consistency {
 protected:
  Ancestor() {
    family.images = {{"base"}, {"hidden", "base"}, {"inner", "hidden"}, {"site", "inner"}};
    family.image("hidden").published = family.image("inner").published = false;
    family.write();
  }
  ImageFolder arm(const std::string& target) const { return family.folder(target, "linux/arm64"); }
  /// As if what `target` stands on was another one when it was built.
  void put_on_another(const std::string& target) const {
    Json parents = read_json(arm(target).image_record()).at("parents");
    parents[0]["identity"] = std::string(64, '0');
    change(arm(target).image_record(), {{"parents", parents}});
  }
};

TEST_F(Ancestor, IsTheOneOfThisRelease) {
  EXPECT_EQ(problems(), "");
  put_on_another("hidden");
  EXPECT_EQ(problems(),
            "'site' (linux/arm64): stands, by 'hidden', on another 'base' than the one of this "
            "release\n  cairn build @/build/cairn/images/site/aarch64\n");
}

TEST_F(Ancestor, IsReachedByTheRecordsBetween) {
  put_on_another("inner");
  EXPECT_EQ(problems(),
            "'site' (linux/arm64): was built on another 'hidden' than its records tell\n"
            "  cairn build @/build/cairn/images/site/aarch64\n");
  fs::remove_all(arm("hidden").path);
  EXPECT_EQ(problems(),
            "'site' (linux/arm64): stands on 'hidden', and no records of that are here\n"
            "  bring the folder images/ of its machine as a whole\n");
}

TEST_F(Ancestor, HasTheFirstLayers) {
  Json layers = read_json(arm("site").export_record()).at("layers");
  layers.erase(layers.begin());
  change(arm("site").export_record(), {{"layers", layers}});
  EXPECT_EQ(problems(),
            "'site' (linux/arm64): its layers do not begin with those of 'base'\n"
            "  cairn build --force @/build/cairn/images/site/aarch64\n");
}

TEST_F(Ancestor, IsPublishedWithWhatStandsOnIt) {
  const auto limited = limited_to(description(), {"site"});
  ASSERT_EQ(limited.images.size(), 2U);
  EXPECT_EQ(limited.images[0].target, "base");
}

TEST_F(Consistency, RefusesASourceTreeWithChanges) {
  make_work_tree();
  write_file(source() / "untracked", "is not asked for");
  EXPECT_EQ(problems(), "");
  write_file(source() / "b", "changed");
  EXPECT_EQ(problems(),
            "the source tree '@/source' has changes that are in no commit: 'b'\n"
            "  commit them; or say --allow-dirty\n");
  for (const char* name : {"a", "c", "d", "e", "f", "g"})
    fs::remove(source() / name);
  EXPECT_EQ(problems(),
            "the source tree '@/source' has changes that are in no commit: 'a', 'b', "
            "'c', 'd', 'e' and 2 more\n  commit them; or say --allow-dirty\n");
  GateOptions options;
  options.allow_dirty = true;
  EXPECT_EQ(problems(options), "");
}

TEST_F(Consistency, LooksFromAFolderBelowTheWorkTree) {
  make_work_tree();
  write_file(source() / "a", "changed");
  fs::create_directories(source() / "below");
  change(family.release_file(), {{"source_dir", (source() / "below").string()}});
  EXPECT_EQ(problems(),
            "the source tree '@/source/below' has changes that are in no commit: 'a'\n"
            "  commit them; or say --allow-dirty\n");
}

TEST_F(Consistency, TakesNoWordFromAGitThatFails) {
  write_file(source() / ".git", "gitdir: /nowhere\n");
  EXPECT_EQ(problems(),
            "whether the source tree '@/source' has changes cannot be told: fatal: not "
            "a git repository: /nowhere\n  mend what git says; or say --allow-dirty\n");
}

}  // namespace
}  // namespace cairn::stack
