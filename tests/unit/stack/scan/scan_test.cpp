// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/scan.hpp"

#include "fake_stack.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/key_file.hpp"
#include "stack/scan/input_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;
using cairn::testing::config_of;
using cairn::testing::FakeStack;
using cairn::testing::thrown_by;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Scan : public ::testing::Test {
 protected:
  ScanResult scan() { return scan_stack(stack.stack_file(), stack.open); }
  KeyFile key(const std::string& target) const {
    return *KeyFile::read_if_present(stack.folder(target) / "key");
  }
  /// As if `target` had been built: the engine holds it under its names, a record says so.
  std::string pretend_built(const std::string& target, const std::string& local_name = "",
                            const std::string& endpoint = "engine A") {
    stack.change(target, {{"is_parent", true}});
    ImageRecord record;
    record.stack = "family";
    record.target = record.image = target;
    record.repository = "quay.io/me/" + target;
    record.local_name = local_name.empty() ? "quay.io/me/" + target + ":latest" : local_name;
    record.bound_name = "cairn.invalid/family/" + target + ":1";
    record.endpoint = endpoint;
    record.engine_id = world().hold(config_of({target}), {record.local_name, record.bound_name});
    write_file(stack.folder(target) / "image.json", record.to_text());
    return record.engine_id;
  }
  std::string folder(const std::string& target) const { return stack.folder(target).string(); }
  cairn::testing::FakeWorld& world() const { return *stack.world; }

  FakeStack stack;
};

TEST_F(Scan, AnEmptyStackAsksNoEngine) {
  const ScanResult result = scan();
  EXPECT_EQ(result.images, 0U);
  EXPECT_EQ(world().opened, 0);
}

TEST_F(Scan, KeysEveryImageAndLeavesThemAloneAfterwards) {
  stack.add("base", "FROM scratch\nCOPY Dockerfile /\n");
  stack.add("web", "FROM quay.io/me/base\n", {"base"});
  const ScanResult first = scan();
  EXPECT_EQ(first.images, 2U);
  EXPECT_THAT(first.rewritten, ElementsAre(folder("base"), folder("web")));
  EXPECT_NE(key("base").input, key("web").input);
  EXPECT_EQ(world().opened, 1);  // one engine, asked once
  EXPECT_THAT(world().calls, ElementsAre("list"));
  EXPECT_THAT(scan().rewritten, IsEmpty());
}

TEST_F(Scan, OneBadRecipeDoesNotStopTheOthers) {
  stack.add("bad", "FROM scratch\nRUM x\n");
  stack.add("good", "FROM scratch\nCOPY Dockerfile /\n");
  EXPECT_THAT(scan().rewritten, ElementsAre(folder("bad"), folder("good")));
  EXPECT_EQ(key("bad").error, (stack.source("bad") / "Dockerfile").string() +
                                  ":2:1: unknown instruction 'RUM'; did you mean 'RUN'?\n"
                                  "RUM x\n^");
  EXPECT_EQ(key("good").error, "");
  write_file(stack.source("bad") / "Dockerfile", "FROM scratch\nCOPY Dockerfile /\n");
  EXPECT_THAT(scan().rewritten, ElementsAre(folder("bad")));
  EXPECT_EQ(key("bad").error, "");
}

TEST_F(Scan, ADescriptionThatIsDamagedStopsItsImageOnly) {
  stack.add("bad", "FROM scratch\n");
  stack.add("good", "FROM scratch\nCOPY Dockerfile /\n");
  stack.change("bad", {{"variant", 1}});
  write_file(stack.folder("good") / "test.json", "damaged");
  scan();
  EXPECT_EQ(key("bad").error,
            (stack.folder("bad") / "build.json").string() + ": expected a string at 'variant'");
  EXPECT_EQ(key("good").error, "");
  EXPECT_EQ(read_file(stack.folder("good") / "tests.key"), "cairn-tests-key 1\nunreadable\n");
}

TEST_F(Scan, AMissingContextIsAnErrorOfItsImage) {
  stack.add("web", "FROM scratch\nCOPY x /\n");
  stack.change("web", {{"context", (stack.root() / "nowhere").string()}});
  scan();
  EXPECT_EQ(key("web").error, "context '" + (stack.root() / "nowhere").string() +
                                  "' cannot be read: No such file or directory");
}

TEST_F(Scan, AnEngineThatDoesNotAnswerGivesKeysWithItsError) {
  stack.add("web", "FROM scratch\nCOPY Dockerfile /\n");
  scan();
  const std::string before = key("web").input;
  world().down = true;
  EXPECT_THAT(scan().rewritten, ElementsAre(folder("web")));
  EXPECT_EQ(key("web").error, "the fake engine does not answer");
  EXPECT_EQ(key("web").hint, "start the fake engine");
  EXPECT_THAT(scan().rewritten, IsEmpty());
  world().down = false;
  EXPECT_THAT(scan().rewritten, ElementsAre(folder("web")));
  EXPECT_EQ(key("web").input, before);
}

TEST_F(Scan, NothingIsAbsentWhileTheEngineDoesNotAnswer) {
  stack.add("web", "FROM scratch\nCOPY Dockerfile /\n");
  pretend_built("web");
  world().down = true;
  EXPECT_THAT(scan().absent, IsEmpty());
  EXPECT_EQ(key("web").absent, 0);
}

TEST_F(Scan, AnAbsentImageRaisesTheCounterInTheSameRun) {
  stack.add("web", "FROM scratch\nCOPY Dockerfile /\n");
  const std::string id = pretend_built("web");
  scan();
  EXPECT_EQ(key("web").absent, 0);
  const std::string before = key("web").input;
  world().images.erase(id);
  ScanResult result = scan();
  EXPECT_THAT(result.absent, ElementsAre(folder("web")));
  EXPECT_THAT(result.rewritten, ElementsAre(folder("web")));
  EXPECT_EQ(key("web").absent, 1);
  EXPECT_EQ(key("web").input, before);  // it is no part of the key
  result = scan();                      // nobody has built it
  EXPECT_EQ(key("web").absent, 2);
  // It is never lowered: Ninja would take an older text for another change.
  pretend_built("web");
  scan();
  EXPECT_EQ(key("web").absent, 2);
  write_file(stack.source("web") / "Dockerfile", "FROM scratch\nCOPY Dockerfile /again\n");
  EXPECT_THAT(scan().rewritten, ElementsAre(folder("web")));
  EXPECT_EQ(key("web").absent, 2);
}

TEST_F(Scan, AnImageDeclaredByAnotherNameRaisesTheCounter) {
  stack.add("web", "FROM scratch\nCOPY Dockerfile /\n");
  pretend_built("web");
  scan();
  const KeyFile before = key("web");
  for (const Json& change :
       {Json{{"repository", "ghcr.io/you/web"}}, Json{{"image", "site"}}, Json{{"stack", "other"}},
        Json{{"variant", "cuda"}}, Json{{"is_parent", false}}}) {
    const int absent = key("web").absent;
    stack.change("web", change);
    EXPECT_THAT(scan().rewritten, ElementsAre(folder("web"))) << change;
    EXPECT_GT(key("web").absent, absent) << change;
  }
  EXPECT_EQ(key("web").input, before.input);
}

TEST_F(Scan, AnImageOfAnotherEngineIsNotMissingFromThisOne) {
  stack.add("web", "FROM scratch\nCOPY Dockerfile /\n");
  world().images.erase(pretend_built("web", "", "engine B"));
  EXPECT_THAT(scan().absent, IsEmpty());
}

TEST_F(Scan, ADamagedRecordOrKeyIsNone) {
  stack.add("web", "FROM scratch\nCOPY Dockerfile /\n");
  scan();
  const std::string before = read_file(stack.folder("web") / "key");
  write_file(stack.folder("web") / "image.json", "{");
  write_file(stack.folder("web") / "key", "damaged");
  const ScanResult result = scan();
  EXPECT_THAT(result.absent, IsEmpty());
  EXPECT_THAT(result.rewritten, ElementsAre(folder("web")));
  EXPECT_EQ(read_file(stack.folder("web") / "key"), before);
}

TEST_F(Scan, SetsNamesAgainThatPointElsewhere) {
  stack.add("web", "FROM scratch\nCOPY Dockerfile /\n");
  const std::string id = pretend_built("web");
  scan();
  EXPECT_THAT(world().calls_of("tag"), IsEmpty());
  const std::string other = world().hold(config_of({"other"}));
  world().images[id].names.clear();
  world().images[other].names = {"quay.io/me/web:latest"};
  EXPECT_THAT(scan().renamed,
              UnorderedElementsAre("quay.io/me/web:latest", "cairn.invalid/family/web:1"));
  EXPECT_EQ(world().id_of("quay.io/me/web:latest"), id);
  EXPECT_EQ(world().id_of("cairn.invalid/family/web:1"), id);
  EXPECT_THAT(scan().renamed, IsEmpty());
}

TEST_F(Scan, ANameThatCannotBeSetStopsNothing) {
  stack.add("web", "FROM scratch\nCOPY Dockerfile /\n");
  world().images[pretend_built("web")].names.clear();
  world().refuses["tag"] = "no";
  EXPECT_THAT(scan().renamed, IsEmpty());
  EXPECT_EQ(key("web").error, "");
}

TEST_F(Scan, KnowsNamesWithoutARegistryAsTheEngineListsThem) {
  for (const auto& [kind, listed] :
       {std::pair{"docker", "docker.io/library/web:latest"}, {"podman", "localhost/web:latest"}}) {
    FakeStack own;
    own.add("web", "FROM scratch\nCOPY Dockerfile /\n");
    own.change_engine({{"kind", kind}, {"builder", ""}});
    ImageRecord record;
    record.local_name = "web:latest";
    record.endpoint = "engine A";
    record.engine_id = own.world->hold(config_of({"l1"}), {listed});
    write_file(own.folder("web") / "image.json", record.to_text());
    EXPECT_THAT(scan_stack(own.stack_file(), own.open).renamed, IsEmpty()) << kind;
  }
}

TEST_F(Scan, ABaseThatMovesUnderItsNameGivesAnotherKey) {
  stack.add("web", "FROM debian:12\n");
  scan();
  const std::string absent = key("web").input;
  const std::string id = world().hold(config_of({"d1"}), {"docker.io/library/debian:12"});
  EXPECT_THAT(scan().rewritten, ElementsAre(folder("web")));
  const std::string one = key("web").input;
  EXPECT_NE(one, absent);
  // The same content under another ID is the same base.
  world().images.erase(id);
  world().hold(config_of({"d1"}), {"docker.io/library/debian:12"}, "twin");
  EXPECT_THAT(scan().rewritten, IsEmpty());
  world().images.clear();
  world().hold(config_of({"d2"}), {"docker.io/library/debian:12"});
  EXPECT_THAT(scan().rewritten, ElementsAre(folder("web")));
  EXPECT_NE(key("web").input, one);
}

TEST_F(Scan, APinnedBaseIsWhatItsDigestSays) {
  const std::string pinned = "debian@sha256:" + std::string(64, '1');
  stack.add("web", "FROM " + pinned + "\n");
  scan();
  // Not here yet, it may have ONBUILD triggers that read the context.
  EXPECT_EQ(key("web").doubts.size(), 1U);
  const std::string id = world().hold(config_of({"d1"}), {"docker.io/library/" + pinned});
  scan();
  EXPECT_THAT(key("web").doubts, IsEmpty());
  const std::string before = key("web").input;
  // What stands behind the name in this engine is no part of the key.
  world().images.erase(id);
  world().hold(config_of({"d2"}), {"docker.io/library/" + pinned});
  scan();
  EXPECT_EQ(key("web").input, before);
}

TEST_F(Scan, ABuildTreeHasOneScanAtATime) {
  for (int i = 0; i < 20; ++i)
    stack.add("image" + std::to_string(i), "FROM debian\nCOPY Dockerfile /\n");
  world().hold(config_of({"d"}), {"docker.io/library/debian:latest"});
  std::vector<std::thread> scans;
  for (int i = 0; i < 4; ++i) {
    scans.emplace_back([&] {
      for (int k = 0; k < 5; ++k)
        scan_stack(stack.stack_file(), stack.open);
    });
  }
  for (std::thread& one : scans)
    one.join();
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(key("image" + std::to_string(i)).error, "");
  EXPECT_THAT(scan().rewritten, IsEmpty());
}

TEST_F(Scan, AnIndexOfKeysThatWereFormedOtherwiseIsNone) {
  stack.add("web", "FROM scratch\nCOPY Dockerfile /\n");
  for (int scans = 0; scans < 500 && scan().unchanged == 0; ++scans)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  const fs::path index = stack.root() / "build/cairn/family.index";
  std::string bytes = read_file(index);
  const std::size_t format = bytes.find(kInputFormat);
  ASSERT_LT(format, 30U);
  bytes[format + kInputFormat.size() - 1] = '0';
  ASSERT_EQ(scan().unchanged, 1U);
  write_file(index, bytes);
  EXPECT_EQ(scan().unchanged, 0U);
}

TEST_F(Scan, ADamagedIndexIsNone) {
  stack.add("web", "FROM scratch\nCOPY Dockerfile /\n");
  scan();
  const fs::path index = stack.root() / "build/cairn/family.index";
  const std::string whole = read_file(index);
  for (const std::string& damaged :
       {std::string(), std::string("x"), whole.substr(0, whole.size() / 2), whole + whole}) {
    write_file(index, damaged);
    const ScanResult result = scan();
    EXPECT_THAT(result.rewritten, IsEmpty());
    EXPECT_EQ(result.unchanged, 0U) << damaged.size();
  }
}

TEST_F(Scan, AFullDiskIsTheScansOwnError) {
  stack.add("web", "FROM scratch\nCOPY Dockerfile /\n");
  fs::remove_all(stack.folder("web") / "key");
  fs::create_directory(stack.folder("web") / "key");  // nothing can be renamed over it
  EXPECT_NE(thrown_by([&] { scan(); }), "nothing");
}

TEST_F(Scan, InputsOfTestsHaveKeysOfTheirOwn) {
  stack.add("web", "FROM scratch\nCOPY Dockerfile /\n");
  const fs::path helper = stack.root() / "tests/helper.py";
  write_file(helper, "one");
  write_file(stack.folder("web") / "test.json",
             pretty_json({{"tests",
                           {{{"name", "a test"}, {"inputs", {helper.parent_path().string()}}},
                            {{"name", "none"}}}}}));
  scan();
  const std::string image = read_file(stack.folder("web") / "key");
  const std::string tests = read_file(stack.folder("web") / "tests.key");
  EXPECT_EQ(tests.substr(0, 18), "cairn-tests-key 1\n");
  EXPECT_EQ(tests.substr(18 + 64), " a test\n");
  write_file(helper, "two");
  EXPECT_THAT(scan().rewritten, ElementsAre(folder("web")));
  EXPECT_NE(read_file(stack.folder("web") / "tests.key"), tests);
  EXPECT_EQ(read_file(stack.folder("web") / "key"), image);
}

// How an ignore file is read follows from the command line, so that an upgrade moves keys.
TEST_F(Scan, LooksAgainWhenTheEngineIsAnother) {
  stack.change_engine({{"builder", "legacy"}, {"version", "20.10.24"}});
  stack.add("web", "FROM scratch\nCOPY . /\n");
  write_file(stack.source("web") / ".dockerignore", "*\n!**/b\n");
  write_file(stack.source("web") / "b/c/d", "1");
  scan();
  for (int scans = 0; scan().unchanged == 0; ++scans) {
    ASSERT_LT(scans, 500) << "it is looked at again and again";
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  const std::string before = key("web").input;
  stack.change_engine({{"builder", "legacy"}, {"version", "28.2.2"}});
  EXPECT_THAT(scan().rewritten, ElementsAre(folder("web")));
  EXPECT_NE(key("web").input, before);
}

}  // namespace
}  // namespace cairn::stack
