// SPDX-License-Identifier: BSD-3-Clause
#include "fake_stack.hpp"
#include "stack/release/wanted_tags.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

const ReleaseFacts kFacts{"id", 1795942020, "0123456789abcdef0123456789abcdef01234567", "2.4.1"};

std::string refusal(const std::string& tag, const ReleaseFacts& facts = kFacts) {
  return testing::thrown_by([&] { fill_release_tag(tag, facts); });
}

TEST(ReleaseTag, IsFilledFromTheFacts) {
  EXPECT_EQ(fill_release_tag("stable", kFacts), "stable");
  EXPECT_EQ(fill_release_tag("{commit}", kFacts), kFacts.commit);
  EXPECT_EQ(fill_release_tag("{commit:12}", kFacts), "0123456789ab");
  EXPECT_EQ(fill_release_tag("{date}", kFacts), "2026-11-29");
  EXPECT_EQ(fill_release_tag("{date}-{time}", kFacts), "2026-11-29-084700");
  EXPECT_EQ(fill_release_tag("v{version}-x", kFacts), "v2.4.1-x");
  EXPECT_EQ(fill_release_tag("{major}.{minor}_{patch}", kFacts), "2.4_1");
}

TEST(ReleaseTag, NamesTheTemplateWhoseValueIsUnknown) {
  ReleaseFacts bare = kFacts;
  bare.commit = bare.version = "";
  EXPECT_EQ(refusal("x-{commit:12}", bare),
            "release tag 'x-{commit:12}' needs a commit, and the source tree has none\nhint: "
            "publish from a git work tree, or take the tag out");
  EXPECT_EQ(refusal("{version}", bare),
            "release tag '{version}' needs a version, and the project has none\nhint: write "
            "project(<name> VERSION 1.2.3)");
  bare.version = "2.4";
  EXPECT_EQ(refusal("{major}.{minor}.{patch}", bare),
            "release tag '{major}.{minor}.{patch}' needs a patch number, and the project's version "
            "has none\nhint: write project(<name> VERSION 1.2.3)");
  bare.version = "2";
  EXPECT_EQ(refusal("{minor}", bare),
            "release tag '{minor}' needs a minor number, and the project's version has none\nhint: "
            "write project(<name> VERSION 1.2.3)");
  bare.version = "next";
  EXPECT_EQ(refusal("{major}", bare),
            "release tag '{major}' needs a major number, and the project's version has none\nhint: "
            "write project(<name> VERSION 1.2.3)");
}

TEST(ReleaseTag, RefusesAPlaceholderThatIsNone) {
  for (const char* name :
       {"branch", "commit:", "commit:0", "commit:41", "commit:x", "commit:012", "date:4", ""}) {
    const std::string tag = std::string("x{") + name + "}";
    EXPECT_EQ(refusal(tag), "release tag '" + tag + "' has an unknown placeholder '{" + name +
                                "}'\nhint: the placeholders are {commit} {commit:<digits>} {date} "
                                "{time} {version} {major} {minor} {patch}");
  }
}

TEST(ReleaseTag, RefusesWhatIsNoTag) {
  const std::string hint = "\nhint: a tag has letters, digits, '_', '.' and '-', at most 128";
  ReleaseFacts odd = kFacts;
  odd.version = "2.4.1+git";
  EXPECT_EQ(refusal("{version}", odd),
            "release tag '{version}' gives the invalid tag '2.4.1+git'" + hint);
  EXPECT_EQ(refusal("-{date}"), "release tag '-{date}' gives the invalid tag '-2026-11-29'" + hint);
  EXPECT_EQ(refusal("{date"), "release tag '{date' gives the invalid tag '{date'" + hint);
  EXPECT_EQ(refusal(""), "release tag '' gives the invalid tag ''" + hint);
  EXPECT_EQ(fill_release_tag(std::string(128, 'a'), kFacts), std::string(128, 'a'));
  const std::string longer(129, 'a');
  EXPECT_EQ(refusal(longer),
            "release tag '" + longer + "' gives the invalid tag '" + longer + "'" + hint);
}

}  // namespace
}  // namespace cairn::stack
