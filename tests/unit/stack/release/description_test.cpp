// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/description.hpp"

#include "release_fixture.hpp"

#include <gmock/gmock.h>

namespace cairn::stack {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Description : public ReleaseTest {
 protected:
  /// The refusal of the description with `more` in it.
  std::string refusal(const Json& more) {
    family.description = more;
    family.write();
    return thrown([&] { description(); });
  }
  /// The same with `more` in its first image.
  std::string image_refusal(const Json& more) {
    family.description = Json::object();
    family.write();
    Json images = read_json(family.release_file()).at("images");
    images[0].update(more);
    return refusal({{"images", images}});
  }
  const std::string file = "@/build/cairn/family.release.json";
  const std::string again = "\nhint: configure again, so that it is written anew";
};

TEST_F(Description, HasDefaultsForWhatIsLeftOut) {
  const ReleaseDescription release = description();
  EXPECT_EQ(release.stack, "family");
  EXPECT_EQ(release.root_repository, "quay.io/me/base");
  EXPECT_EQ(release.records, std::vector{family.build() / "cairn"});
  EXPECT_EQ(release.version + release.pinned_suffix, "");
  EXPECT_TRUE(release.arch_tags);
  EXPECT_FALSE(release.docker_types);
  EXPECT_FALSE(release.accept_emulated);
  EXPECT_THAT(release.tags, IsEmpty());
  EXPECT_THAT(release.destinations, IsEmpty());
  EXPECT_EQ(release.ca_bundle, "");
  EXPECT_THAT(release.plain_http, IsEmpty());
  EXPECT_EQ(release.hooks.size(), 0U);
  ASSERT_EQ(release.images.size(), 2U);
  EXPECT_EQ(release.images[1].target, "web");
  EXPECT_EQ(release.images[1].repository, "quay.io/me/web");
  EXPECT_THAT(release.images[1].platforms, ElementsAre(amd64, arm64));
  EXPECT_EQ(release.images[1].skew, Skew::withhold);
}

TEST_F(Description, HasEverythingThatIsWritten) {
  family.image("web").skew = "partial";
  family.image("web").latest_by = "python";
  family.description = {{"version", "2.4.1"},
                        {"tags", {"latest", "{commit:12}"}},
                        {"pinned", {"{commit:12}"}},
                        {"pinned_suffix", ".{n}"},
                        {"arch_tags", false},
                        {"docker_types", true},
                        {"accept_emulated", true},
                        {"destinations", {"oci:/releases"}},
                        {"ca_bundle", "/ca.pem"},
                        {"plain_http", {"registry.example:5000"}},
                        {"hooks", {{{"name", "sbom"}, {"command", {"syft", "{ref}"}}}}},
                        {"anchor_tags", {"staging-{commit:12}"}}};
  family.write();
  const ReleaseDescription release = description();
  EXPECT_EQ(release.version, "2.4.1");
  EXPECT_THAT(release.tags, ElementsAre("latest", "{commit:12}"));
  EXPECT_THAT(release.pinned, ElementsAre("{commit:12}"));
  EXPECT_EQ(release.pinned_suffix, ".{n}");
  EXPECT_FALSE(release.arch_tags);
  EXPECT_TRUE(release.docker_types);
  EXPECT_TRUE(release.accept_emulated);
  EXPECT_THAT(release.destinations, ElementsAre("oci:/releases"));
  EXPECT_EQ(release.ca_bundle, "/ca.pem");
  EXPECT_THAT(release.plain_http, ElementsAre("registry.example:5000"));
  ASSERT_EQ(release.hooks.size(), 1U);
  EXPECT_EQ(release.hooks[0].name, "sbom");
  EXPECT_THAT(release.hooks[0].command, ElementsAre("syft", "{ref}"));
  EXPECT_THAT(release.anchor_tags, ElementsAre("staging-{commit:12}"));
  EXPECT_EQ(release.image("web").skew, Skew::partial);
  EXPECT_EQ(release.image("web").latest_by, "python");
}

TEST_F(Description, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(refusal({{"schema", "cairn/release-description/2"}}),
            file +
                ": expected schema 'cairn/release-description/1', got "
                "'cairn/release-description/2'\nhint: configure again, so that the files are "
                "written by this version of Cairn");
  EXPECT_EQ(refusal({{"stack", 1}}), file + ": expected a string at 'stack'" + again);
  EXPECT_EQ(refusal({{"tags", "latest"}}), file + ": expected a list at 'tags'" + again);
  EXPECT_EQ(refusal({{"records", Json::array()}}),
            file + ": expected a folder at 'records'" + again);
  EXPECT_EQ(refusal({{"images", nullptr}, {"hooks", 1}}),
            file + ": expected a string at 'name'" + again);
  EXPECT_EQ(image_refusal({{"skew", "allow"}}),
            file +
                ": image 'base' has the unknown skew 'allow'\nhint: write SKEW withhold or SKEW "
                "partial");
}

TEST_F(Description, RefusesPlatformsThatAreOneOrNone) {
  EXPECT_EQ(image_refusal({{"platforms", {"linux/arm64", "linux/amd64", "linux/arm64/v8"}}}),
            file +
                ": image 'base' names the platform 'linux/arm64' twice\nhint: write each once: "
                "PLATFORMS linux/amd64 linux/arm64");
  EXPECT_EQ(image_refusal({{"platforms", Json::array()}}),
            file + ": image 'base' has no platform\nhint: write PLATFORMS linux/amd64 linux/arm64");
  EXPECT_EQ(image_refusal({{"platforms", {"linux"}}}),
            file +
                ": invalid platform 'linux': expected OS/ARCHITECTURE[/VARIANT], as in "
                "'linux/amd64'" +
                again);
}

TEST_F(Description, RefusesAnImageThatIsThereTwice) {
  family.images.push_back({"web", "base"});
  family.write();
  EXPECT_EQ(thrown([&] { description(); }), file + ": image 'web' is there twice" + again);
}

TEST_F(Description, RefusesPinnedTagsThatCannotBe) {
  EXPECT_EQ(refusal({{"tags", {"latest"}}, {"pinned", {"{date}"}}}),
            file +
                ": pinned tag '{date}' is none of the release tags\nhint: write RELEASE_TAGS "
                "{date}");
  EXPECT_EQ(refusal({{"tags", {"latest"}}, {"pinned", {"latest"}}}),
            file +
                ": 'latest' moves with every release and cannot be pinned\nhint: take it out of "
                "PINNED");
  EXPECT_EQ(refusal({{"pinned_suffix", ".2"}}),
            file + ": pinned suffix '.2' has no '{n}'\nhint: write PINNED_SUFFIX .{n}");
}

TEST_F(Description, NamesTheNearestImage) {
  EXPECT_EQ(thrown([&] { description().image("wbe"); }),
            "stack 'family' publishes no image 'wbe'\nhint: did you mean 'web'?");
  EXPECT_EQ(thrown([&] { description().image("something"); }),
            "stack 'family' publishes no image 'something'\nhint: it publishes: base, web");
}

TEST_F(Description, IsFoundInABuildTree) {
  const auto release = family.release_file();
  EXPECT_THAT(find_release_files(family.build()), ElementsAre(release));
  EXPECT_THAT(find_release_files(family.build() / "cairn"), ElementsAre(release));
  EXPECT_THAT(find_release_files(release), ElementsAre(release));
  const auto tree = family.root() / "multi";
  write_file(tree / "cairn/Release/b.release.json", "{}");
  write_file(tree / "cairn/Debug/a.release.json", "{}");
  write_file(tree / "cairn/images/x.release.json", "{}");
  EXPECT_THAT(find_release_files(tree), ElementsAre(tree / "cairn/Debug/a.release.json",
                                                    tree / "cairn/Release/b.release.json"));
  EXPECT_EQ(thrown([&] { find_release_files(family.store()); }),
            "no release of a stack in '@/store'\nhint: name a configured build folder: cairn "
            "release plan -C build/release");
}

}  // namespace
}  // namespace cairn::stack
