// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/plan.hpp"

#include "fake_stack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using ::testing::ElementsAre;

std::string digest_of(const std::string& bytes) {
  return oci::Digest::of(bytes).to_string();
}

class Planned : public ::testing::Test {
 protected:
  WantedTag& want(const std::string& tag, TagKind kind = TagKind::merged) {
    wanted.tags.push_back({"quay.io/me/base",
                           tag,
                           kind,
                           "base",
                           {"type", oci::Digest::of("new"), 3, std::nullopt},
                           {amd64, arm64}});
    return wanted.tags.back();
  }
  /// What the destination has under `tag`, as a release document knows it.
  TagHolder& held(const std::string& tag, const std::string& bytes = "old") {
    TagHolder& holder = holders["quay.io/me/base:" + tag];
    holder.digest = digest_of(bytes);
    holder.platforms = {amd64, arm64};
    holder.known = true;
    return holder;
  }
  Plan plan() const { return decide(description, wanted, holders, options); }
  /// `<action> <tag>[: <why>]` of each tag, with digests by what they are of.
  std::vector<std::string> decided() const {
    std::vector<std::string> all;
    for (const PlannedTag& planned : plan().tags) {
      all.push_back(to_string(planned.action) + " " + planned.wanted.tag +
                    (planned.why.empty() ? "" : ": " + planned.why));
    }
    return all;
  }
  std::string problems() const {
    std::string text;
    for (const Problem& problem : plan().problems)
      text += problem.what + "\n" + (problem.hint.empty() ? "" : "  " + problem.hint + "\n");
    return text;
  }

  const oci::Platform amd64 = oci::Platform::parse("linux/amd64");
  const oci::Platform arm64 = oci::Platform::parse("linux/arm64");
  ReleaseDescription description;
  WantedTags wanted;
  std::map<std::string, TagHolder> holders;
  PlanOptions options;
};

TEST_F(Planned, CreatesMovesAdoptsOrLeaves) {
  want("fresh");
  want("known");
  want("foreign");
  want("same");
  held("known");
  held("foreign").known = false;
  held("same", "new");
  EXPECT_THAT(decided(), ElementsAre("create fresh", "move known",
                                     "adopt foreign: no release document names what it holds",
                                     "unchanged same"));
  const std::vector<PlannedTag> tags = plan().tags;
  EXPECT_EQ(tags[0].old_digest, "");
  EXPECT_EQ(tags[1].old_digest, digest_of("old"));
  EXPECT_EQ(tags[3].old_digest, digest_of("new"));
  EXPECT_EQ(problems(), "");
}

TEST_F(Planned, MovesInOrder) {
  want("arch-moves", TagKind::arch);
  want("arch-new", TagKind::arch);
  want("parent-moves");
  want("parent-new");
  want("child-moves");
  want("child-new");
  want("latest", TagKind::latest);
  want("1.0", TagKind::pinned);
  held("arch-moves");
  held("parent-moves");
  held("child-moves");
  EXPECT_THAT(decided(), ElementsAre("move arch-moves", "create arch-new", "create parent-new",
                                     "create child-new", "move parent-moves", "move child-moves",
                                     "create latest", "create 1.0"));
}

TEST_F(Planned, NeverLosesAPlatform) {
  want("python-3.11").platforms = {amd64};
  held("python-3.11").platforms = {amd64, arm64, oci::Platform::parse("linux/s390x")};
  EXPECT_EQ(problems(),
            "'quay.io/me/base:python-3.11' would lose linux/arm64, linux/s390x\n"
            "  publish it for all platforms; or say --allow-shrink python-3.11\n");
  options.allow_shrink = {"python-3.11"};
  EXPECT_EQ(problems(), "");
  EXPECT_THAT(decided(), ElementsAre("move python-3.11"));
  options.allow_shrink = {"quay.io/me/base:python-3.11"};
  EXPECT_EQ(problems(), "");
}

// Whoever made it, and whatever the policy of skew says.
TEST_F(Planned, NeverTakesAPlatformFromAForeignTag) {
  want("python-3.11").platforms = {amd64};
  wanted.tags[0].missing = {arm64};
  held("python-3.11").known = false;
  EXPECT_EQ(problems(),
            "'quay.io/me/base:python-3.11' would lose linux/arm64\n"
            "  publish it for all platforms; or say --allow-shrink python-3.11\n");
}

TEST_F(Planned, MayGainPlatformsAndReplaceALoneManifest) {
  want("grows");
  want("lone");
  held("grows").platforms = {amd64};
  held("lone").platforms = {};
  EXPECT_EQ(problems(), "");
  EXPECT_THAT(decided(), ElementsAre("move grows", "move lone"));
}

TEST_F(Planned, TellsPlatformsApartByTheirVariant) {
  want("small").platforms = {oci::Platform::parse("linux/arm/v6")};
  held("small").platforms = {oci::Platform::parse("linux/arm/v7")};
  EXPECT_EQ(problems(),
            "'quay.io/me/base:small' would lose linux/arm/v7\n"
            "  publish it for all platforms; or say --allow-shrink small\n");
  held("small").platforms = {oci::Platform::parse("linux/arm64/v8")};
  wanted.tags[0].platforms = {arm64};
  EXPECT_EQ(problems(), "");
}

class Versioned : public Planned {
 protected:
  Versioned() {
    WantedTag& tag = want("python-3");
    tag.probe = "python";
    tag.version = "3.11.2";
    TagHolder& holder = held("python-3");
    holder.probe = "python";
    holder.version = "3.11.10";
  }
  WantedTag& tag() { return wanted.tags[0]; }
  TagHolder& holder() { return holders.at("quay.io/me/base:python-3"); }
};

TEST_F(Versioned, NeverGoesBack) {
  EXPECT_THAT(decided(), ElementsAre("withhold python-3: python 3.11.2 is older than 3.11.10"));
  EXPECT_EQ(plan().tags[0].old_digest, digest_of("old"));
  EXPECT_EQ(problems(), "");
  tag().probe = holder().probe = "";
  EXPECT_THAT(decided(), ElementsAre("withhold python-3: version 3.11.2 is older than 3.11.10"));
}

TEST_F(Versioned, GoesBackWhereItsOwnerSaysSo) {
  options.allow_older = {"python-3"};
  EXPECT_THAT(decided(), ElementsAre("move python-3: python 3.11.2 is older than 3.11.10"));
  options.allow_older = {"quay.io/me/base:python-3"};
  EXPECT_THAT(decided(), ElementsAre("move python-3: python 3.11.2 is older than 3.11.10"));
}

TEST_F(Versioned, MovesToAnEqualOrHigherOne) {
  holder().version = "3.11.2";
  EXPECT_THAT(decided(), ElementsAre("move python-3"));
  holder().version = "3.11.2rc1";
  EXPECT_THAT(decided(), ElementsAre("move python-3"));
}

TEST_F(Versioned, ComparesWithNothingThatIsNotKnown) {
  holder().known = false;
  EXPECT_THAT(decided(), ElementsAre("adopt python-3: no release document names what it holds"));
  holder().known = true;
  holder().probe = "pypy";
  EXPECT_THAT(decided(), ElementsAre("move python-3"));
  holder().probe = "python";
  holder().version = "";
  EXPECT_THAT(decided(), ElementsAre("move python-3"));
}

TEST_F(Versioned, ShrinksNothingThatStays) {
  tag().platforms = {amd64};
  EXPECT_EQ(problems(), "");
  options.allow_older = {"python-3"};
  EXPECT_EQ(problems(),
            "'quay.io/me/base:python-3' would lose linux/arm64\n"
            "  publish it for all platforms; or say --allow-shrink python-3\n");
}

TEST_F(Planned, ComparesLatestByTimeWithoutAProbe) {
  want("latest", TagKind::latest).created = 1795942020;
  TagHolder& holder = held("latest");
  holder.created = 1795942021;
  EXPECT_THAT(decided(), ElementsAre("withhold latest: built 2026-11-29T08:47:00Z, and what it "
                                     "holds 2026-11-29T08:47:01Z"));
  options.allow_older = {"latest"};
  EXPECT_THAT(decided(), ElementsAre("move latest: built 2026-11-29T08:47:00Z, and what it holds "
                                     "2026-11-29T08:47:01Z"));
  options.allow_older.clear();
  holder.created = 1795942020;
  EXPECT_THAT(decided(), ElementsAre("move latest"));
  holder.created = 0;
  EXPECT_THAT(decided(), ElementsAre("move latest"));
}

TEST_F(Planned, NeverMovesWhatIsPinned) {
  want("1.0", TagKind::pinned).pinned = true;
  want("x86_64-1.0", TagKind::arch).pinned = true;
  EXPECT_THAT(decided(), ElementsAre("create x86_64-1.0", "create 1.0"));
  held("1.0", "new");
  // Not even from a foreign one.
  held("x86_64-1.0").known = false;
  EXPECT_THAT(decided(), ElementsAre("withhold x86_64-1.0: it is pinned, and holds " +
                                         digest_of("old").substr(0, 19),
                                     "unchanged 1.0"));
}

TEST_F(Planned, GivesAPinnedTagTheLowestSuffixThatIsFree) {
  description.pinned_suffix = ".{n}";
  want("1.0", TagKind::pinned).pinned = true;
  EXPECT_THAT(decided(), ElementsAre("create 1.0"));
  held("1.0");
  const std::string why = ": '1.0' is pinned, and holds " + digest_of("old").substr(0, 19);
  EXPECT_THAT(decided(), ElementsAre("create 1.0.2" + why));
  EXPECT_EQ(plan().tags[0].old_digest, "");
  held("1.0.2", "other");
  held("1.0.4", "other");
  EXPECT_THAT(decided(), ElementsAre("create 1.0.3" + why));
  held("1.0.3", "new");
  EXPECT_THAT(decided(), ElementsAre("unchanged 1.0.3" + why));
  EXPECT_EQ(plan().tags[0].old_digest, digest_of("new"));
  // A name that the release has for something else is not free.
  want("1.0.2");
  holders.erase("quay.io/me/base:1.0.2");
  holders.erase("quay.io/me/base:1.0.3");
  EXPECT_THAT(decided(), ElementsAre("create 1.0.2", "create 1.0.3" + why));
}

TEST_F(Planned, AsksForSuffixedNamesThatNobodyKnew) {
  description.pinned_suffix = "-r{n}";
  want("1.0", TagKind::pinned).pinned = true;
  held("1.0");
  std::vector<std::string> asked;
  options.find_holder = [&](const std::string& repository, const std::string& tag) {
    asked.push_back(repository + ":" + tag);
    TagHolder holder;
    holder.digest = digest_of("other");
    return tag == "1.0-r4" ? std::nullopt : std::optional(holder);
  };
  held("1.0-r2", "other");
  const std::string why = ": '1.0' is pinned, and holds " + digest_of("old").substr(0, 19);
  EXPECT_THAT(decided(), ElementsAre("create 1.0-r4" + why));
  EXPECT_THAT(asked, ElementsAre("quay.io/me/base:1.0-r3", "quay.io/me/base:1.0-r4"));
}

TEST_F(Planned, GivesUpOnSuffixesAtTheEnd) {
  description.pinned_suffix = ".{n}";
  want("1.0", TagKind::pinned).pinned = true;
  held("1.0");
  options.find_holder = [](const std::string&, const std::string&) {
    TagHolder holder;
    holder.digest = digest_of("other");
    return std::optional(holder);
  };
  EXPECT_THAT(decided(), ElementsAre("withhold 1.0: it is pinned, and holds " +
                                     digest_of("old").substr(0, 19)));
  const std::string longest(127, 'a');
  want(longest, TagKind::pinned).pinned = true;
  held(longest);
  EXPECT_EQ(problems(), "'quay.io/me/base:" + longest +
                            "': pinned suffix '.{n}' makes no valid tag of it\n  a tag has "
                            "letters, digits, '_', '.' and '-', at most 128\n");
}

TEST_F(Planned, WithholdsWhatIsSkewed) {
  want("latest", TagKind::latest);
  want("python-3.12");
  want("x86_64-python-3.12", TagKind::arch);
  WantedTag skewed = wanted.tags[1];
  skewed.platforms = {amd64};
  skewed.missing = {arm64};
  wanted.tags.erase(wanted.tags.begin() + 1);
  wanted.withheld = {skewed};
  held("python-3.12");
  EXPECT_THAT(decided(), ElementsAre("create x86_64-python-3.12",
                                     "withhold python-3.12: not on linux/arm64", "create latest"));
  EXPECT_EQ(plan().tags[1].old_digest, digest_of("old"));
  EXPECT_EQ(problems(), "");
  options.strict = true;
  EXPECT_EQ(problems(),
            "'quay.io/me/base:python-3.12' is on linux/amd64 and not on linux/arm64\n"
            "  build all platforms with the same versions; or leave --strict out\n");
}

TEST_F(Planned, KnowsTheTagsThatOptionsName) {
  want("python-3.11");
  options.allow_shrink = {"pyhton-3.11"};
  options.allow_older = {"something-else-entirely"};
  EXPECT_EQ(problems(),
            "--allow-shrink names 'pyhton-3.11', which is no tag of this release\n"
            "  did you mean 'python-3.11'?\n"
            "--allow-older names 'something-else-entirely', which is no tag of this release\n");
}

TEST(TagAction, HasAName) {
  EXPECT_EQ(to_string(TagAction::create), "create");
  EXPECT_EQ(to_string(TagAction::move), "move");
  EXPECT_EQ(to_string(TagAction::adopt), "adopt");
  EXPECT_EQ(to_string(TagAction::unchanged), "unchanged");
  EXPECT_EQ(to_string(TagAction::withhold), "withhold");
}

}  // namespace
}  // namespace cairn::stack
