// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/source_key.hpp"

#include "fake_stack.hpp"
#include "stack/model/key_file.hpp"
#include "stack/scan/scan.hpp"

#include <gtest/gtest.h>

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
    stack_.change("app", {{"platform", platform}});
    scan_stack(stack_.stack_file(), stack_.open);
    KeyFile key = *KeyFile::read_if_present(stack_.folder("app") / "key");
    EXPECT_EQ(key.error, "");
    return key;
  }
  bool is_one_source() { return key("linux/amd64").source == key("linux/arm64").source; }
  std::string source() { return key("linux/amd64").source; }

  testing::FakeStack stack_;
};

TEST_F(SourceKey, IsOneOnAllPlatforms) {
  declare("FROM scratch\nCOPY data /\n");
  file("data", "1");
  EXPECT_NE(key("linux/amd64").input, key("linux/arm64").input);
  EXPECT_TRUE(is_one_source());
  const std::string before = source();
  file("data", "22");
  EXPECT_NE(source(), before);
}

TEST_F(SourceKey, LeavesOutWhatOnlyOnePlatformTakes) {
  declare("FROM scratch\nARG TARGETARCH\nCOPY bin/$TARGETARCH/tool common /\n");
  file("bin/amd64/tool", "1");
  file("bin/arm64/tool", "2");
  file("common", "3");
  EXPECT_TRUE(is_one_source());
  const std::string before = source();
  file("bin/amd64/tool", "44");
  EXPECT_EQ(source(), before);
  file("common", "55");
  EXPECT_NE(source(), before);
}

TEST_F(SourceKey, CoversTheWholeTextWhereThePlatformChoosesStages) {
  const auto recipe = [](const std::string& arm) {
    return "FROM scratch AS for-amd64\nCOPY a /\nFROM scratch AS for-arm64\nCOPY " + arm +
           " /\nFROM for-$TARGETARCH\nLABEL x=y\n";
  };
  declare(recipe("b"));
  file("a", "1");
  file("b", "2");
  file("c", "2");
  EXPECT_TRUE(is_one_source());
  const std::string before = source();
  file("Dockerfile", recipe("c"));
  EXPECT_NE(source(), before);
}

// Each platform is pinned to another digest.
TEST_F(SourceKey, KnowsNothingOfLockedDigests) {
  declare("FROM debian:12\nLABEL a=b\n");
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
  EXPECT_NE(key("linux/amd64").input, key("linux/arm64").input);
  EXPECT_TRUE(is_one_source());
}

}  // namespace
}  // namespace cairn::stack
