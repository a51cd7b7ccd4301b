// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/wanted_tags.hpp"

#include "release_fixture.hpp"

#include <gmock/gmock.h>

namespace cairn::stack {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const ReleaseFacts kFacts{"id", 1795942020, "0123456789abcdef0123456789abcdef01234567", "2.4.1"};

class Wanted : public ReleaseTest {
 protected:
  Wanted() { family.images = {{"base"}}; }

  WantedTags wanted() {
    family.write();
    return wanted_tags(description(), kFacts, merged());
  }
  std::string refusal() {
    return thrown([&] { wanted(); });
  }
  /// `<kind> <name after quay.io/me/>` of each tag.
  std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const WantedTag& tag : wanted().tags)
      all.push_back(to_string(tag.kind) + " " + tag.full_name().substr(11));
    return all;
  }
  static const WantedTag& find(const WantedTags& tags, const std::string& name) {
    for (const auto* list : {&tags.tags, &tags.withheld}) {
      for (const WantedTag& tag : *list) {
        if (tag.tag == name) return tag;
      }
    }
    throw std::runtime_error("no tag " + name);
  }
};

TEST_F(Wanted, IsLatestAloneWhereNothingIsDeclared) {
  EXPECT_THAT(names(), ElementsAre("arch base:x86_64-latest", "arch base:aarch64-latest",
                                   "latest base:latest"));
}

TEST_F(Wanted, IsNotLatestWhereReleaseTagsLeaveItOut) {
  family.description = {{"tags", {"stable"}}};
  EXPECT_THAT(names(), ElementsAre("arch base:x86_64-stable", "arch base:aarch64-stable",
                                   "merged base:stable"));
}

TEST_F(Wanted, IsInTheOrderOfMoves) {
  family.images = {{"base"}, {"web", "base"}};
  family.image("base").probes = {{"python", "3.11.2", {"python-{major}.{minor}"}}};
  family.description = {{"tags", {"latest", "{commit:12}", "stable"}},
                        {"pinned", {"{commit:12}"}},
                        {"arch_tags", false}};
  EXPECT_THAT(names(), ElementsAre("merged base:python-3.11", "merged base:stable",
                                   "merged web:stable", "latest base:latest", "latest web:latest",
                                   "pinned base:0123456789ab", "pinned web:0123456789ab"));
}

TEST_F(Wanted, IsComposedFromFields) {
  family.images = {{"x86_64-base", "", "1", "aarch64-base", "cuda"}};
  family.images[0].platforms = {"linux/arm/v7", "linux/amd64"};
  family.images[0].probes = {{"python", "3.11.2", {"python-{version}"}}};
  family.description = {{"tags", {"latest", "{date}"}}, {"pinned", {"{date}"}}};
  EXPECT_THAT(
      names(),
      ElementsAre(
          "arch aarch64-base:armv7-cuda-latest", "arch aarch64-base:armv7-cuda-python-3.11.2",
          "arch aarch64-base:armv7-cuda-2026-11-29", "arch aarch64-base:x86_64-cuda-latest",
          "arch aarch64-base:x86_64-cuda-python-3.11.2", "arch aarch64-base:x86_64-cuda-2026-11-29",
          "merged aarch64-base:cuda-python-3.11.2", "latest aarch64-base:cuda-latest",
          "pinned aarch64-base:cuda-2026-11-29"));
}

TEST_F(Wanted, NamesManifestsForPlatformsAndIndexesOverAll) {
  family.images[0].platforms = {"linux/arm64"};
  const WantedTags tags = wanted();
  const WantedTag& arch = find(tags, "aarch64-latest");
  EXPECT_EQ(arch.names.digest, family.manifest("base", "linux/arm64"));
  EXPECT_EQ(arch.names.media_type, "application/vnd.docker.distribution.manifest.v2+json");
  EXPECT_THAT(arch.platforms, ElementsAre(arm64));
  // An index even over one platform.
  const WantedTag& latest = find(tags, "latest");
  EXPECT_EQ(latest.names.digest, merged()[0].index.descriptor.digest);
  EXPECT_EQ(latest.names.media_type, "application/vnd.oci.image.index.v1+json");
  EXPECT_THAT(latest.platforms, ElementsAre(arm64));
  EXPECT_EQ(latest.target, "base");
}

TEST_F(Wanted, KnowsWhatIsPinnedForPlatformsToo) {
  family.description = {{"tags", {"latest", "{date}"}}, {"pinned", {"{date}"}}};
  const WantedTags tags = wanted();
  EXPECT_TRUE(find(tags, "2026-11-29").pinned);
  EXPECT_TRUE(find(tags, "x86_64-2026-11-29").pinned);
  EXPECT_EQ(find(tags, "x86_64-2026-11-29").kind, TagKind::arch);
  EXPECT_FALSE(find(tags, "latest").pinned);
}

TEST_F(Wanted, TellsTheVersionOnlyWhereTheTagDoesNot) {
  family.images[0].probes = {{"python", "3.11.2", {"python-{major}.{minor}", "python-{version}"}}};
  family.description = {{"tags", {"{major}.{minor}", "{version}"}}, {"pinned", {"{version}"}}};
  const WantedTags tags = wanted();
  EXPECT_EQ(find(tags, "python-3.11").probe, "python");
  EXPECT_EQ(find(tags, "python-3.11").version, "3.11.2");
  EXPECT_EQ(find(tags, "x86_64-python-3.11").version, "3.11.2");
  EXPECT_EQ(find(tags, "python-3.11.2").probe, "");
  EXPECT_EQ(find(tags, "python-3.11.2").version, "");
  EXPECT_EQ(find(tags, "2.4").probe, "");
  EXPECT_EQ(find(tags, "2.4").version, "2.4.1");
  EXPECT_EQ(find(tags, "2.4.1").version, "");
  EXPECT_EQ(find(tags, "python-3.11").created, 0);
}

TEST_F(Wanted, PromisesTheLowestVersionOfAllPlatforms) {
  family.images[0].probes = {{"python", "3.11.10", {"python-{major}.{minor}"}, "linux/amd64"},
                             {"python", "3.11.9", {"python-{major}.{minor}"}, "linux/arm64"}};
  const WantedTags tags = wanted();
  EXPECT_EQ(find(tags, "python-3.11").version, "3.11.9");
  EXPECT_EQ(find(tags, "x86_64-python-3.11").version, "3.11.10");
}

TEST_F(Wanted, DatesLatestByItsBuildOrByAProbe) {
  family.write();
  change(family.folder("base").image_record(), {{"created", "2026-11-24T00:20:07Z"}});
  WantedTags tags = wanted_tags(description(), kFacts, merged());
  EXPECT_EQ(find(tags, "latest").created, 1795479607);
  EXPECT_EQ(find(tags, "x86_64-latest").created, 1795479607);
  EXPECT_EQ(find(tags, "aarch64-latest").created, 1795479600);
  EXPECT_EQ(find(tags, "latest").probe + find(tags, "latest").version, "");
  family.images[0].latest_by = "python";
  family.images[0].probes = {{"python", "3.11.10", {}, "linux/amd64"},
                             {"python", "3.11.9", {}, "linux/arm64"}};
  tags = wanted();
  EXPECT_EQ(find(tags, "latest").probe, "python");
  EXPECT_EQ(find(tags, "latest").version, "3.11.9");
  EXPECT_EQ(find(tags, "latest").created, 0);
  EXPECT_EQ(find(tags, "x86_64-latest").version, "3.11.10");
}

TEST_F(Wanted, RefusesALatestThatNothingDates) {
  family.images[0].latest_by = "pyhton";
  EXPECT_EQ(refusal(),
            "'base' (linux/amd64): LATEST_BY names the probe 'pyhton', and there is "
            "none\nhint: declare it: add_docker_tag_probe(pyhton COMMAND …)");
  family.images[0].probes = {{"python", "3.11.2", {"python-{version}"}}};
  EXPECT_EQ(refusal(),
            "'base' (linux/amd64): LATEST_BY names the probe 'pyhton', and there is "
            "none\nhint: did you mean 'python'?");
  family.images[0].latest_by = "operating-system";
  EXPECT_EQ(refusal(),
            "'base' (linux/amd64): LATEST_BY names the probe 'operating-system', and "
            "there is none\nhint: the probes are python");
  family.images[0].latest_by = "";
  family.images[0].created = "yesterday";
  EXPECT_EQ(refusal(),
            "'base' (linux/amd64): 'yesterday' of its image.json is no time\nhint: "
            "expected one as 2026-11-29T08:47:00Z");
}

TEST_F(Wanted, WithholdsWhatSomePlatformsDoNotHave) {
  family.images[0].probes = {{"python", "3.11.2", {"python-{version}"}, "linux/amd64"},
                             {"python", "3.12.0", {"python-{version}"}, "linux/arm64"}};
  EXPECT_THAT(names(), ElementsAre("arch base:x86_64-latest", "arch base:x86_64-python-3.11.2",
                                   "arch base:aarch64-latest", "arch base:aarch64-python-3.12.0",
                                   "latest base:latest"));
  const WantedTags tags = wanted();
  ASSERT_EQ(tags.withheld.size(), 2U);
  EXPECT_EQ(tags.withheld[0].tag, "python-3.11.2");
  EXPECT_THAT(tags.withheld[0].platforms, ElementsAre(amd64));
  EXPECT_THAT(tags.withheld[0].missing, ElementsAre(arm64));
  EXPECT_THAT(tags.partial, IsEmpty());
}

TEST_F(Wanted, ComposesPartialIndexesWhereTheSkewSaysSo) {
  family.images[0].skew = "partial";
  family.images[0].probes = {{"python", "3.11.2", {"python-{version}", "py"}, "linux/amd64"}};
  const WantedTags tags = wanted();
  EXPECT_THAT(tags.withheld, IsEmpty());
  const WantedTag& tag = find(tags, "python-3.11.2");
  EXPECT_EQ(tag.kind, TagKind::merged);
  EXPECT_THAT(tag.platforms, ElementsAre(amd64));
  EXPECT_THAT(tag.missing, ElementsAre(arm64));
  ASSERT_EQ(tags.partial.size(), 1U);
  EXPECT_EQ(tags.partial.begin()->first, tag.names.digest.to_string());
  EXPECT_THAT(tags.partial.begin()->second.platforms, ElementsAre(amd64));
  EXPECT_EQ(find(tags, "py").names.digest, tag.names.digest);
  EXPECT_EQ(find(tags, "latest").names.digest, merged()[0].index.descriptor.digest);
}

TEST_F(Wanted, TakesOneNameOfTwoTemplatesOnce) {
  family.description = {{"tags", {"{major}.{minor}.{patch}", "{version}"}},
                        {"pinned", {"{version}"}},
                        {"arch_tags", false}};
  EXPECT_THAT(names(), ElementsAre("pinned base:2.4.1"));
}

TEST_F(Wanted, RefusesATagThatIsWantedTwice) {
  const std::string hint = "\nhint: give one of them another name";
  family.images = {{"base"}, {"base-cuda", "", "1", "base", "cuda"}};
  family.description = {{"tags", {"latest", "{date}"}}, {"arch_tags", false}};
  EXPECT_THAT(names(), ElementsAre("merged base:2026-11-29", "merged base:cuda-2026-11-29",
                                   "latest base:latest", "latest base:cuda-latest"));
  family.images[0].probes = {{"cuda", "12", {"cuda-2026-11-29"}}};
  EXPECT_EQ(refusal(),
            "'quay.io/me/base:cuda-2026-11-29' is wanted twice: by probe 'cuda' of "
            "'base' and by release tag '{date}' of 'base-cuda'" +
                hint);
  family.images[0].probes = {{"date", "2026-11-29", {"{version}"}}};
  EXPECT_EQ(refusal(),
            "'quay.io/me/base:2026-11-29' is wanted twice: by probe 'date' of 'base' "
            "and by release tag '{date}' of 'base'" +
                hint);
  // A variant that reads like an architecture.
  family.images[0].probes.clear();
  family.images[1].variant = "x86_64";
  family.description = {{"arch_tags", true}};
  EXPECT_EQ(refusal(),
            "'quay.io/me/base:x86_64-latest' is wanted twice: by 'latest' on "
            "linux/amd64 of 'base' and by 'latest' of 'base-cuda'" +
                hint);
}

TEST_F(Wanted, RefusesAnAnchorThatIsATag) {
  family.images = {{"base"}, {"base-cuda", "", "1", "base", "cuda"}};
  family.description = {{"tags", {"latest", "{date}"}},
                        {"arch_tags", false},
                        {"anchor_tags", {"staging", "cuda-{date}"}}};
  EXPECT_EQ(refusal(),
            "'quay.io/me/base:cuda-2026-11-29' is wanted twice: by anchor tag 'cuda-{date}' of "
            "'base' and by release tag '{date}' of 'base-cuda'\n"
            "hint: give one of them another name");
  family.description["anchor_tags"] = {"2026-11-29"};
  EXPECT_EQ(refusal(),
            "'quay.io/me/base:2026-11-29' is wanted twice: by release tag '{date}' of 'base' and "
            "by anchor tag '2026-11-29' of 'base'\n"
            "hint: give one of them another name");
  family.description["anchor_tags"] = {"staging"};
  EXPECT_EQ(names().size(), 4U);  // and is none of them
}

TEST_F(Wanted, RefusesTheTagOfTheReleaseDocument) {
  const std::string hint =
      ", and holds the release document\nhint: give it another name, or keep the release document "
      "in another repository: ROOT of add_docker_stack";
  family.images = {{"base"}, {"web", "base"}};
  family.description = {{"tags", {"cairn-release"}}, {"arch_tags", false}};
  EXPECT_EQ(
      refusal(),
      "'quay.io/me/base:cairn-release' is wanted by release tag 'cairn-release' of 'base'" + hint);
  family.description["tags"] = {"latest"};
  family.description["anchor_tags"] = {"cairn-release"};
  EXPECT_EQ(
      refusal(),
      "'quay.io/me/base:cairn-release' is wanted by anchor tag 'cairn-release' of 'base'" + hint);
  family.description.erase("anchor_tags");
  family.images[0].probes = {{"tool", "1", {"cairn-release"}, "linux/amd64"}};
  EXPECT_EQ(refusal(),
            "'quay.io/me/base:cairn-release' is wanted by probe 'tool' of 'base'" + hint);
  // A variant and a tag that read like it together.
  family.images = {{"base"}, {"odd", "base", "1", "base", "cairn"}};
  family.description["tags"] = {"release"};
  EXPECT_EQ(refusal(),
            "'quay.io/me/base:cairn-release' is wanted by release tag 'release' of 'odd'" + hint);
  // Elsewhere it is a tag like any other.
  family.images = {{"base"}, {"web", "base"}};
  family.image("web").probes = {{"tool", "1", {"cairn-release"}}};
  EXPECT_THAT(names(),
              ElementsAre("merged base:release", "merged web:cairn-release", "merged web:release"));
  family.description["root_repository"] = "quay.io/me/web";
  EXPECT_EQ(refusal(), "'quay.io/me/web:cairn-release' is wanted by probe 'tool' of 'web'" + hint);
}

TEST_F(Wanted, RefusesTheSameImageUnderTwoTargets) {
  family.images = {{"base"}, {"twin", "", "1", "base"}};
  EXPECT_EQ(refusal(),
            "'quay.io/me/base:x86_64-latest' is wanted twice: by 'latest' on "
            "linux/amd64 of 'base' and by 'latest' on linux/amd64 of 'twin'\nhint: give "
            "one of them another name");
}

TEST_F(Wanted, CountsTheCharactersOfATag) {
  const std::string fits(128 - std::string("aarch64-").size(), 'a');
  family.images[0].probes = {{"long", "1", {fits}}};
  EXPECT_EQ(wanted().tags.size(), 6U);
  family.images[0].probes = {{"long", "1", {fits + "a"}}};
  EXPECT_EQ(refusal(), "tag 'aarch64-" + fits +
                           "a' of 'base' has 129 characters, at most 128 are allowed\nhint: cut "
                           "the version with MATCH, or shorten the variant's name");
  family.description = {{"arch_tags", false}};
  EXPECT_EQ(wanted().tags.size(), 2U);
}

TEST_F(Wanted, RefusesAVariantThatMakesNoTag) {
  family.images[0].variant = "+cuda";
  family.description = {{"arch_tags", false}};
  EXPECT_EQ(refusal(),
            "'+cuda-latest' of 'base' is no valid tag\nhint: a tag has letters, digits, "
            "'_', '.' and '-', at most 128");
}

}  // namespace
}  // namespace cairn::stack
