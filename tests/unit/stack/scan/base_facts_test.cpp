// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/base_facts.hpp"

#include "fake_stack.hpp"
#include "stack/model/layout.hpp"

#include <gtest/gtest.h>

#include <map>

namespace cairn::stack {
namespace {

/// `image0` below `image1` below …: each has two stages on the one below.
std::string add_doubled_chain(testing::FakeStack& stack, int depth, const std::string& lowest) {
  stack.add("image0", lowest);
  for (int i = 1; i <= depth; ++i) {
    const std::string below = "image" + std::to_string(i - 1);
    std::string recipe;
    for (const char* stage : {"one", "two"})
      recipe += "FROM quay.io/me/" + below + " AS " + stage + "\n";
    recipe += "COPY --from=one /a /b\nCOPY $SRC /\n";
    stack.add("image" + std::to_string(i), recipe, {below});
  }
  return "image" + std::to_string(depth);
}

// Once for the nearest ancestors, once for all of them.
TEST(BaseFinder, ReadsAMemberOnceALook) {
  testing::FakeStack fake;
  const std::string top = add_doubled_chain(fake, 5, "FROM scratch\nENV SRC=data\n");
  const StackFile stack = StackFile::read(fake.stack_file());
  std::map<std::string, int> reads;
  const BaseFinder finder(
      stack, dockerfile::Builder::buildkit,
      [](const std::string&) { return facts_of_base(std::nullopt); },
      [&reads](const std::string& path) { ++reads[path]; });
  const auto image =
      BuildDescription::read(ImageFolder{fake.folder(top).string()}.build_description());
  const auto wants = finder.wants(image, read_recipe(image, stack.members));
  ASSERT_EQ(wants.sources.size(), 1U);
  EXPECT_EQ(wants.sources.front().path, "data");
  EXPECT_TRUE(wants.doubts.empty());
  const auto reads_of = [&](const std::string& target) {
    return reads[ImageFolder{fake.folder(target).string()}.build_description().string()];
  };
  EXPECT_EQ(reads_of("image4"), 2);
  EXPECT_EQ(reads_of("image0"), 1);
}

// A value that a member makes of an ancestor's is known only with the ancestor.
TEST(BaseFinder, KnowsWhatMembersMakeOfWhatTheyStandOn) {
  testing::FakeStack fake;
  fake.add("grand", "FROM scratch\nENV ROOT=conf\n");
  fake.add("parent", "FROM quay.io/me/grand\nENV SRC=$ROOT/a\n", {"grand"});
  fake.add("child", "FROM quay.io/me/parent\nCOPY $SRC/*.c /x/\n", {"parent"});
  fake.add("outer", "FROM debian:12\nENV SRC=${DATA}a\n");
  fake.add("inner", "FROM quay.io/me/outer\nCOPY $SRC/*.c /x/\n", {"outer"});
  const StackFile stack = StackFile::read(fake.stack_file());
  const BaseFinder finder(stack, dockerfile::Builder::buildkit,
                          [](const std::string&) { return facts_of_base(std::nullopt); });
  const auto wants_of = [&](const std::string& target) {
    const auto image =
        BuildDescription::read(ImageFolder{fake.folder(target).string()}.build_description());
    return finder.wants(image, read_recipe(image, stack.members));
  };
  const auto known = wants_of("child");
  EXPECT_TRUE(known.doubts.empty());
  EXPECT_EQ(known.sources.front().path, "conf/a/*.c");
  EXPECT_EQ(wants_of("inner").doubts, std::vector<std::string>{"$SRC comes from the base"});
}

}  // namespace
}  // namespace cairn::stack
