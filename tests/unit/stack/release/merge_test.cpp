// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/merge.hpp"

#include "release_fixture.hpp"

#include <gmock/gmock.h>

namespace cairn::stack {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Map = std::map<std::string, std::string>;

const std::string kPrefix = "org.opencontainers.image.";
constexpr const char* kDockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

oci::Descriptor manifest_for(const char* platform, const std::string& bytes) {
  return {kDockerManifest, oci::Digest::of(bytes), bytes.size(), oci::Platform::parse(platform)};
}

class Merge : public ReleaseTest {
 protected:
  static Map annotations_of(const MergedImage& image) {
    return string_map_or_empty(Json::parse(image.index.bytes), "annotations");
  }
};

TEST(ComposeIndex, WritesTheSameBytesForEver) {
  const ComposedIndex index =
      compose_index({manifest_for("linux/arm/v7", "one"), manifest_for("linux/amd64", "two")},
                    {{"b", "2"}, {"a", "1"}}, false);
  EXPECT_EQ(
      index.bytes,
      "{\"annotations\":{\"a\":\"1\",\"b\":\"2\"},\"manifests\":[{\"digest\":\"" +
          oci::Digest::of("one").to_string() +
          "\",\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\",\"platform\":"
          "{\"architecture\":\"arm\",\"os\":\"linux\",\"variant\":\"v7\"},\"size\":3},{\"digest\":"
          "\"" +
          oci::Digest::of("two").to_string() +
          "\",\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\",\"platform\":"
          "{\"architecture\":\"amd64\",\"os\":\"linux\"},\"size\":3}],\"mediaType\":\"application/"
          "vnd.oci.image.index.v1+json\",\"schemaVersion\":2}");
  EXPECT_EQ(index.descriptor.media_type, "application/vnd.oci.image.index.v1+json");
  EXPECT_EQ(index.descriptor.digest, oci::Digest::of(index.bytes));
  EXPECT_EQ(index.descriptor.size, index.bytes.size());
  EXPECT_EQ(index.descriptor.platform, std::nullopt);
  EXPECT_EQ(oci::parse_index(index.bytes, "x").manifests.size(), 2U);
}

TEST(ComposeIndex, WritesDockersListWithoutAnnotations) {
  const ComposedIndex list =
      compose_index({manifest_for("linux/amd64", "two")}, {{"a", "1"}}, true);
  EXPECT_EQ(list.bytes,
            "{\"manifests\":[{\"digest\":\"" + oci::Digest::of("two").to_string() +
                "\",\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\","
                "\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"},\"size\":3}],"
                "\"mediaType\":\"application/vnd.docker.distribution.manifest.list.v2+json\","
                "\"schemaVersion\":2}");
  EXPECT_EQ(list.descriptor.media_type,
            "application/vnd.docker.distribution.manifest.list.v2+json");
}

TEST(ComposeIndex, CountsNoAttestationAsAPlatform) {
  oci::Descriptor attestation = manifest_for("linux/amd64", "attestation");
  attestation.platform = std::nullopt;
  const ComposedIndex index =
      compose_index({manifest_for("linux/amd64", "image"), attestation, attestation}, {}, false);
  EXPECT_THAT(index.platforms, ElementsAre(oci::Platform::parse("linux/amd64")));
  const auto back = oci::parse_index(index.bytes, "x").manifests;
  ASSERT_EQ(back.size(), 3U);
  EXPECT_EQ(back[1].platform, std::nullopt);
  EXPECT_EQ(Json::parse(index.bytes)["manifests"][1]["platform"].dump(),
            "{\"architecture\":\"unknown\",\"os\":\"unknown\"}");
}

TEST(ComposeIndex, RefusesTwoManifestsForOnePlatform) {
  EXPECT_EQ(testing::thrown_by([] {
              compose_index(
                  {manifest_for("linux/arm64", "one"), manifest_for("linux/arm64/v8", "two")}, {},
                  false);
            }),
            "an index cannot hold two manifests for linux/arm64");
}

TEST_F(Merge, HasThePlatformsInTheOrderOfTheDeclaration) {
  family.images = {{"base"}};
  family.images[0].platforms = {"linux/s390x", "linux/arm/v7", "linux/amd64"};
  family.write();
  const std::vector<MergedImage> images = merged();
  ASSERT_EQ(images.size(), 1U);
  EXPECT_THAT(images[0].index.platforms, ElementsAre(oci::Platform::parse("linux/s390x"),
                                                     oci::Platform::parse("linux/arm/v7"), amd64));
  const auto manifests = oci::parse_index(images[0].index.bytes, "x").manifests;
  ASSERT_EQ(manifests.size(), 3U);
  EXPECT_EQ(manifests[1].digest, family.manifest("base", "linux/arm/v7"));
  EXPECT_EQ(manifests[1].platform->to_string(), "linux/arm/v7");
  EXPECT_EQ(manifests[1].media_type, kDockerManifest);
  EXPECT_EQ(images[0].platforms[1].arch, "armv7");
}

TEST_F(Merge, NamesTheIndexThatAnImageStandsOn) {
  family.image("base").image = "root";
  family.image("base").variant = "cuda";
  family.write();
  const std::vector<MergedImage> images = merged();
  ASSERT_EQ(images.size(), 2U);
  EXPECT_EQ(images[1].repository, "quay.io/me/web");
  EXPECT_EQ(annotations_of(images[0]),
            (Map{{kPrefix + "created", "2026-11-24T00:20:00Z"},
                 {kPrefix + "revision", "1f2e3d4c5b6a79880716253443526170f1e2d3c4"}}));
  EXPECT_EQ(annotations_of(images[1]),
            (Map{{kPrefix + "created", "2026-11-24T00:20:00Z"},
                 {kPrefix + "revision", "1f2e3d4c5b6a79880716253443526170f1e2d3c4"},
                 {kPrefix + "base.name", "quay.io/me/root:cuda-latest"},
                 {kPrefix + "base.digest", images[0].index.descriptor.digest.to_string()}}));
}

TEST_F(Merge, NamesNoCommitThatLacksWhatAnImageWasBuiltOf) {
  change(family.folder("base").image_record(), {{"dirty", true}});
  EXPECT_EQ(annotations_of(merged()[0]), (Map{{kPrefix + "created", "2026-11-24T00:20:00Z"}}));
}

TEST_F(Merge, GivesTheSameIndexInEveryLaterRelease) {
  const std::vector<MergedImage> first = merged();
  family.description = {{"version", "9"}, {"tags", {"{version}"}}, {"destinations", {"oci:/x"}}};
  family.write();
  EXPECT_EQ(merged()[1].index.bytes, first[1].index.bytes);
  family.image("base").content = "2";
  family.write();
  EXPECT_NE(merged()[0].index.bytes, first[0].index.bytes);
  EXPECT_NE(merged()[1].index.bytes, first[1].index.bytes);
}

TEST_F(Merge, SaysOnlyWhatHoldsForAllPlatforms) {
  const ImageFolder arm = family.folder("base", "linux/arm64");
  change(arm.image_record(),
         {{"revision", std::string(40, 'b')}, {"created", "2026-11-25T00:00:00Z"}});
  const std::string name = kPrefix + "base.name";
  const std::string digest = kPrefix + "base.digest";
  for (const ImageFolder& folder : {arm, family.folder("base")}) {
    change(folder.export_record(),
           {{"annotations", {{name, "docker.io/library/debian:12"}, {digest, folder.path}}}});
  }
  EXPECT_EQ(annotations_of(merged()[0]), (Map{{kPrefix + "created", "2026-11-25T00:00:00Z"},
                                              {name, "docker.io/library/debian:12"}}));
}

TEST_F(Merge, LeavesOutWhatTheGateLeftOut) {
  GateOptions options;
  options.without = {"web"};
  const std::vector<MergedImage> images = merge(description(), gathered(options));
  ASSERT_EQ(images.size(), 1U);
  EXPECT_EQ(images[0].target, "base");
}

TEST_F(Merge, WritesDockersTypesWhereTheyAreAskedFor) {
  family.description = {{"docker_types", true}};
  family.write();
  EXPECT_EQ(merged()[1].index.descriptor.media_type,
            "application/vnd.docker.distribution.manifest.list.v2+json");
  EXPECT_THAT(annotations_of(merged()[1]), IsEmpty());
}

TEST_F(Merge, MakesNoIndexOfHalfAnImage) {
  Evidence evidence = gathered();
  evidence.platforms.erase({"web", arm64});
  EXPECT_EQ(thrown([&] { merge(description(), evidence); }),
            "merging 'web': nothing is known of linux/arm64");
}

TEST_F(Merge, MakesPartialIndexes) {
  const MergedImage web = merged()[1];
  const ComposedIndex partial = partial_index(web, {arm64}, false);
  EXPECT_THAT(partial.platforms, ElementsAre(arm64));
  EXPECT_EQ(string_map_or_empty(Json::parse(partial.bytes), "annotations"), annotations_of(web));
  EXPECT_EQ(partial_index(web, {arm64, amd64}, false).bytes, web.index.bytes);
  EXPECT_EQ(thrown([&] { partial_index(web, {oci::Platform::parse("linux/386")}, false); }),
            "an index of 'web' was asked for that it has not all platforms of");
}

}  // namespace
}  // namespace cairn::stack
