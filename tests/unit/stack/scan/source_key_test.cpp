// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/source_key.hpp"

#include "fake_stack.hpp"
#include "stack/model/key_file.hpp"
#include "stack/scan/scan.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <sys/stat.h>
#include <thread>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

/// The image `app` of two platforms, as two build trees would key it.
class SourceKey : public ::testing::Test {
 protected:
  void declare(const std::string& recipe, const Json& more = Json::object()) {
    stack_.add("app", recipe, {}, more);
  }
  void file(const std::string& path, const std::string& text) const {
    write_file(stack_.source("app") / path, text);
  }
  KeyFile key(const std::string& platform) {
    const fs::path images = stack_.folder("app").parent_path().parent_path();
    for (const auto& entry : fs::directory_iterator(images))
      stack_.change(entry.path().filename(), {{"platform", platform}});
    scan_stack(stack_.stack_file(), stack_.open);
    KeyFile key = *KeyFile::read_if_present(stack_.folder("app") / "key");
    EXPECT_EQ(key.error, "");
    return key;
  }
  /// Once no file needs to be looked at any more, which takes until their stamps are old enough.
  KeyFile settled_key() {
    KeyFile found = key("linux/amd64");
    for (int scans = 0; scans < 500; ++scans) {
      if (scan_stack(stack_.stack_file(), stack_.open).unchanged > 0) return found;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    ADD_FAILURE() << "it is looked at again and again";
    return found;
  }
  /// A file for each platform and one for all.
  void write_tools_and_common() const {
    file("bin/amd64/tool", "1");
    file("bin/arm64/tool", "2");
    file("common", "3");
  }
  bool is_one_source() { return key("linux/amd64").source == key("linux/arm64").source; }
  std::string source() { return key("linux/amd64").source; }
  /// Whether an edit of the file makes it another source.
  bool is_covered(const std::string& path) {
    const std::string before = source();
    file(path, "edited");
    return source() != before;
  }

  /// Locks debian:12 for both platforms; the engine holds both by their digests.
  void lock_debian() {
    const auto digest = [](char c) { return "sha256:" + std::string(64, c); };
    const fs::path lock = stack_.root() / "cairn.lock";
    write_file(
        lock,
        Json{{"schema", "cairn/lock/1"},
             {"bases",
              {{"docker.io/library/debian:12",
                {{"digest", digest('1')},
                 {"platforms", {{"linux/amd64", digest('2')}, {"linux/arm64", digest('3')}}}}}}}}
            .dump());
    Json stack = read_json(stack_.stack_file());
    stack["lock"] = lock.string();
    write_file(stack_.stack_file(), stack.dump());
    oci::ImageConfig config;
    config.env = {"DATA=data"};
    for (const char c : {'2', '3'}) {
      stack_.world->hold(config, {"docker.io/library/debian@" + digest(c)}, {c});
    }
  }

  testing::FakeStack stack_;
};

TEST_F(SourceKey, IsOneOnAllPlatforms) {
  declare("FROM scratch\nCOPY data /\n");
  file("data", "1");
  EXPECT_NE(key("linux/amd64").input, key("linux/arm64").input);
  EXPECT_TRUE(is_one_source());
  EXPECT_TRUE(is_covered("data"));
}

TEST_F(SourceKey, LeavesOutWhatOnlyOnePlatformTakes) {
  declare("FROM scratch\nARG TARGETARCH\nCOPY bin/$TARGETARCH/tool common /\n");
  write_tools_and_common();
  EXPECT_TRUE(is_one_source());
  EXPECT_FALSE(is_covered("bin/amd64/tool"));
  EXPECT_TRUE(is_covered("common"));
}

TEST_F(SourceKey, CoversAllStagesWhereThePlatformChoosesOne) {
  const auto recipe = [](const std::string& arm) {
    return "FROM scratch AS for-amd64\nCOPY a /\nFROM scratch AS for-arm64\nCOPY " + arm +
           " /\nFROM for-$TARGETARCH\nLABEL x=y\n";
  };
  declare(recipe("b"));
  file("a", "1");
  file("b", "2");
  file("c", "2");
  file("other", "3");
  EXPECT_TRUE(is_one_source());
  const std::string before = source();
  file("other", "44");
  EXPECT_EQ(source(), before);
  file("Dockerfile", "# said\n" + recipe("b"));
  EXPECT_EQ(source(), before);
  file("Dockerfile", recipe("c"));
  EXPECT_NE(source(), before);
  file("Dockerfile", recipe("b"));
  EXPECT_EQ(source(), before);
  file("b", "55");
  EXPECT_NE(source(), before);
}

// No platform needs both, and none that there is not needs any.
TEST_F(SourceKey, CoversStagesOnAParentThatThePlatformChooses) {
  stack_.add("base", "FROM scratch\nLABEL a=b\n");
  stack_.add("app",
             "FROM quay.io/me/base AS for-amd64\nARG V\nFROM quay.io/me/base AS for-arm64\n"
             "ARG V\nFROM for-$TARGETARCH\nCOPY app /\n",
             {"base"}, {{"build_args", {{"V", "1"}}}});
  file("app", "1");
  EXPECT_TRUE(is_one_source());
  const std::string before = source();
  stack_.change("app", {{"build_args", {{"V", "2"}}}});
  EXPECT_NE(source(), before);
  stack_.change("app", {{"build_args", {{"V", "1"}}}});
  EXPECT_EQ(source(), before);
  file("app", "22");
  EXPECT_NE(source(), before);
}

TEST_F(SourceKey, CountsNoVariantAsOne) {
  stack_.add("base", "FROM scratch\nARG TARGETVARIANT\nENV V=$TARGETVARIANT\n");
  stack_.add("app", "FROM quay.io/me/base\nCOPY bin/x$V common /\n", {"base"});
  file("bin/x", "1");
  file("bin/xv7", "2");
  file("common", "3");
  EXPECT_EQ(key("linux/amd64").source, key("linux/arm/v7").source);
  EXPECT_TRUE(is_covered("common"));
}

TEST_F(SourceKey, LeavesOutWhatOnlyOneKindOfMachineTakes) {
  declare("FROM scratch\nARG BUILDARCH\nCOPY bin/$BUILDARCH/tool /\n");
  file("bin/" + oci::host_platform().architecture + "/tool", "1");
  const std::string before = source();
  file("bin/" + oci::host_platform().architecture + "/tool", "22");
  EXPECT_EQ(source(), before);
}

// Each platform is pinned to another digest.
TEST_F(SourceKey, KnowsNothingOfLockedDigests) {
  declare("FROM debian:12\nLABEL a=b\n");
  lock_debian();
  EXPECT_NE(key("linux/amd64").input, key("linux/arm64").input);
  EXPECT_TRUE(is_one_source());
}

// Which bases an engine holds, and what these set, is another matter on each machine.
TEST_F(SourceKey, AsksNoEngineForBases) {
  declare("FROM debian:12\nARG TARGETARCH\nCOPY bin/$TARGETARCH/tool common /\n");
  lock_debian();
  write_tools_and_common();
  file("other", "4");
  EXPECT_TRUE(is_one_source());
  const std::string before = source();
  file("other", "55");
  EXPECT_EQ(source(), before);
  stack_.world->images.clear();
  EXPECT_EQ(source(), before);
  file("common", "66");
  EXPECT_NE(source(), before);
}

// Where ENV wins over ARG, one of the base could hide it: each engine would compare other files.
TEST_F(SourceKey, IsOneWhateverEngineBuilds) {
  declare("FROM debian:12\nARG TARGETARCH\nARG FILE=common\nCOPY bin/$TARGETARCH/tool $FILE /\n");
  lock_debian();
  write_tools_and_common();
  const std::string buildkit = source();
  for (const Json& engine :
       {Json{{"kind", "docker"}, {"builder", "legacy"}}, Json{{"kind", "buildah"}}}) {
    stack_.change_engine(engine);
    EXPECT_EQ(key("linux/arm64").source, buildkit) << engine;
  }
  EXPECT_TRUE(is_covered("common"));
}

TEST_F(SourceKey, CoversAllThatAMountMaySee) {
  declare(
      "FROM scratch\nARG TARGETARCH\nARG DATA=common\nCOPY bin/$TARGETARCH/tool /\n"
      "RUN --mount=source=$DATA,target=/data make\n");
  write_tools_and_common();
  EXPECT_TRUE(is_one_source());
  EXPECT_TRUE(is_covered("common"));
}

TEST_F(SourceKey, SeesThePlatformInWhatAParentSets) {
  stack_.add("base", "FROM scratch\nARG TARGETARCH\nENV ARCH=$TARGETARCH\n");
  stack_.add("app", "FROM quay.io/me/base\nCOPY bin/$ARCH/tool common /\n", {"base"});
  write_tools_and_common();
  EXPECT_TRUE(is_one_source());
  EXPECT_FALSE(is_covered("bin/arm64/tool"));
  EXPECT_TRUE(is_covered("common"));
}

TEST_F(SourceKey, SeesThePlatformInTriggersOfAParent) {
  stack_.add("base",
             "FROM scratch\nONBUILD ARG TARGETARCH\nONBUILD COPY bin/$TARGETARCH common /bin/\n");
  stack_.add("app", "FROM quay.io/me/base\nLABEL a=b\n", {"base"});
  write_tools_and_common();
  EXPECT_TRUE(is_one_source());
  EXPECT_TRUE(is_covered("common"));
}

TEST_F(SourceKey, IsThatOfTheInputsWhereAParentLeavesThePlatformAlone) {
  stack_.add("base", "FROM scratch\nENV DATA=data\n");
  stack_.add("app", "FROM quay.io/me/base\nCOPY $DATA /\n", {"base"});
  file("data", "1");
  EXPECT_TRUE(is_one_source());
  EXPECT_TRUE(is_covered("data"));
}

TEST_F(SourceKey, IsLookedAtAgainWhenAFileChangesThatOnlyItCovers) {
  declare(
      "FROM scratch AS for-amd64\nCOPY a /\nFROM scratch AS for-arm64\nCOPY b /\n"
      "FROM for-$TARGETARCH\nLABEL x=y\n");
  file("a", "1");
  file("b", "2");
  const KeyFile before = settled_key();
  file("b", "33");
  EXPECT_EQ(key("linux/amd64").input, before.input);
  EXPECT_NE(key("linux/amd64").source, before.source);
}

TEST_F(SourceKey, IsLookedAtAgainAfterAFileThatCannotBeRead) {
  declare(
      "FROM scratch AS for-amd64\nCOPY a /\nFROM scratch AS for-arm64\nCOPY b /\n"
      "FROM for-$TARGETARCH\nLABEL x=y\n");
  file("a", "1");
  ASSERT_EQ(::mkfifo((stack_.source("app") / "b").c_str(), 0600), 0);
  const std::string before = source();
  fs::remove(stack_.source("app") / "b");
  file("b", "2");
  const std::string after = source();
  EXPECT_NE(after, before);
  file("a", "33");
  EXPECT_NE(source(), after);
}

// A stage for developers that takes everything, and a socket that somebody's editor left.
TEST_F(SourceKey, CoversWhatCanBeReadBesideAFileThatCannot) {
  declare(
      "FROM scratch AS dev\nCOPY . /src\nFROM scratch\nARG TARGETARCH\n"
      "COPY bin/$TARGETARCH common /\n");
  write_tools_and_common();
  ASSERT_EQ(::mkfifo((stack_.source("app") / "socket").c_str(), 0600), 0);
  EXPECT_TRUE(is_one_source());
  EXPECT_TRUE(is_covered("common"));
}

TEST_F(SourceKey, ReadsPastAStageThatCannotBeRead) {
  declare(
      "FROM scratch AS dev\nARG X\nCOPY ${X:?give X} /\nFROM scratch\nARG TARGETARCH\n"
      "COPY bin/$TARGETARCH common /\n");
  write_tools_and_common();
  EXPECT_TRUE(is_one_source());
  EXPECT_FALSE(is_covered("bin/amd64/tool"));
  EXPECT_TRUE(is_covered("common"));
}

// Read for no platform such a stage has no base at all: then the image's own files are compared.
TEST_F(SourceKey, CoversTheOwnFilesWhereAStageLacksItsBase) {
  declare("ARG DEVBASE\nFROM $DEVBASE AS dev\nFROM scratch\nCOPY common /\n");
  file("common", "1");
  EXPECT_TRUE(is_one_source());
  EXPECT_TRUE(is_covered("common"));
}

TEST_F(SourceKey, CountsAVariableOfTheBaseAsTheImageDoes) {
  declare("FROM debian:12\nCOPY ${DATA:?none} common /\n");
  lock_debian();
  file("data", "1");
  file("common", "2");
  EXPECT_TRUE(is_covered("data"));
}

TEST_F(SourceKey, CountsModesAlsoBesideAFileThatCannotBeRead) {
  declare(
      "FROM scratch AS dev\nCOPY . /\nFROM scratch\nARG TARGETARCH\nCOPY bin/$TARGETARCH /\n"
      "COPY --chmod=755 f /x/\nCOPY f /y/\n");
  file("bin/amd64/tool", "1");
  file("f", "2");
  ASSERT_EQ(::mkfifo((stack_.source("app") / "socket").c_str(), 0600), 0);
  const std::string before = source();
  fs::permissions(stack_.source("app") / "f", fs::perms(0755));
  EXPECT_NE(source(), before);
}

TEST_F(SourceKey, IgnoresCommentsThatNameThePlatform) {
  declare("FROM scratch\nCOPY a /\n");
  file("a", "1");
  const std::string before = source();
  file("Dockerfile", "# for every TARGETARCH\nFROM scratch\nCOPY a /\n");
  EXPECT_EQ(source(), before);
}

TEST_F(SourceKey, IgnoresComments) {
  declare("FROM scratch\nARG TARGETARCH\nCOPY bin/$TARGETARCH/tool /\n");
  file("bin/amd64/tool", "1");
  const std::string before = source();
  file("Dockerfile", "# said\nFROM scratch\nARG TARGETARCH\nCOPY bin/$TARGETARCH/tool /\n");
  EXPECT_EQ(source(), before);
}

}  // namespace
}  // namespace cairn::stack
