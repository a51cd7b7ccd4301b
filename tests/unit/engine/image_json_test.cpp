// SPDX-License-Identifier: BSD-3-Clause
#include "engine/image_json.hpp"

#include <gtest/gtest.h>

namespace cairn::engine {
namespace {

TEST(ImageJson, ReadsDockersList) {
  const auto images = docker_list(Json::parse(
      R"([{"Id": "sha256:1", "RepoTags": ["debian:12", "quay.io/a/b:1"], "Size": 5},
          {"Id": "sha256:2", "RepoTags": ["<none>:<none>"], "Size": 6},
          {"Id": "sha256:3", "RepoTags": null}])"));
  ASSERT_EQ(images.size(), 3U);
  EXPECT_EQ(images[0].id, "sha256:1");
  EXPECT_EQ(images[0].names,
            (std::vector<std::string>{"docker.io/library/debian:12", "quay.io/a/b:1"}));
  EXPECT_EQ(images[0].size, 5U);
  EXPECT_TRUE(images[1].names.empty());
  EXPECT_TRUE(images[2].names.empty());
}

TEST(ImageJson, ReadsPodmansList) {
  const auto images = podman_list(
      Json::parse(R"([{"Id": "1f", "Names": ["localhost/x:latest"], "RepoTags": null, "Size": 7},
                      {"Id": "2f", "Size": 1}])"));
  ASSERT_EQ(images.size(), 2U);
  EXPECT_EQ(images[0].id, "sha256:1f");
  EXPECT_EQ(images[0].names, std::vector<std::string>{"localhost/x:latest"});
  EXPECT_TRUE(images[1].names.empty());
}

TEST(ImageJson, ReadsBuildahsListAndNull) {
  const auto images =
      buildah_list(Json::parse(R"([{"id": "1f", "names": ["q.io/a:1"], "size": "1.94 GB"},
                      {"id": "2f", "names": null, "size": "769 KB"}])"));
  ASSERT_EQ(images.size(), 2U);
  EXPECT_EQ(images[0].size, 1'940'000'000U);
  EXPECT_EQ(images[1].size, 769'000U);
  EXPECT_TRUE(buildah_list(Json::parse("null")).empty());
}

TEST(ImageJson, ASizeThatIsNoneIsNought) {
  for (const char* size : {"9.8999e33", "-1", "\"5\"", "1.5", "98999000000000000000000000"}) {
    const auto images = docker_list(
        Json::parse(R"([{"Id": "sha256:1", "RepoTags": [], "Size": )" + std::string(size) + "}]"));
    ASSERT_EQ(images.size(), 1U);
    EXPECT_EQ(images[0].size, 0U) << size;
  }
}

TEST(ImageJson, ReadsSizes) {
  EXPECT_EQ(parse_size("12 B"), 12U);
  EXPECT_EQ(parse_size("1.5 MB"), 1'500'000U);
  EXPECT_EQ(parse_size("2 TB"), 2'000'000'000'000U);
  EXPECT_EQ(parse_size("much"), 0U);
}

TEST(ImageJson, PrefersTheConfigsOwnBytesOfBuildah) {
  const ImageInfo image = buildah_image(Json::parse(
      R"({"FromImageID": "1f", "Docker": {"architecture": "arm64", "os": "linux"},
          "Config": "{\"architecture\":\"amd64\", \"created\":\"2026-01-01T00:00:00Z\",)"
      R"(\"history\":[{\"created_by\":\"a\"}]}",
          "Manifest": "{\"layers\":[{\"size\":3},{\"size\":4}],)"
      R"(\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\"}}"})"));
  EXPECT_EQ(image.config_media_type, "application/vnd.oci.image.config.v1+json");
  EXPECT_EQ(image.id, "sha256:1f");
  EXPECT_EQ(image.config_digest, "sha256:1f");
  EXPECT_EQ(image.config.platform.to_string(), "linux/amd64");
  EXPECT_EQ(image.created, "2026-01-01T00:00:00Z");
  EXPECT_EQ(image.size, 7U);
  EXPECT_EQ(image.history, std::vector<std::string>{R"({"created_by":"a"})"});
}

TEST(ImageJson, TakesPodmansConfigFromItsDocument) {
  const ImageInfo image = podman_image(
      Json::parse(R"({"Id": "1f", "RepoTags": ["q.io/a:1"], "RepoDigests": null, "Size": 9,
                      "Architecture": "amd64", "Os": "linux", "Config": {"User": "no"}})"),
      Json::parse(R"({"architecture": "amd64", "os": "linux",
                      "config": {"User": "yes", "OnBuild": ["RUN x"], "Shell": ["s"]},
                      "history": [{"created_by": "a", "created": "t"}, {"created_by": "b"}]})"));
  EXPECT_EQ(image.id, "sha256:1f");
  EXPECT_EQ(image.config.user, "yes");
  EXPECT_EQ(image.config.on_build, std::vector<std::string>{"RUN x"});
  EXPECT_EQ(image.config.shell, std::vector<std::string>{"s"});
  EXPECT_EQ(image.history, (std::vector<std::string>{R"({"created":"t","created_by":"a"})",
                                                     R"({"created_by":"b"})"}));
}

TEST(ImageJson, TellsWhoseConfigPodmansImageHas) {
  const Json config = {{"os", "linux"}, {"architecture", "amd64"}};
  const auto type_of = [&](const std::string& manifest) {
    return podman_image({{"Id", "1f"}, {"ManifestType", manifest}}, config).config_media_type;
  };
  EXPECT_EQ(type_of("application/vnd.oci.image.manifest.v1+json"),
            "application/vnd.oci.image.config.v1+json");
  EXPECT_EQ(type_of("application/vnd.docker.distribution.manifest.v2+json"),
            "application/vnd.docker.container.image.v1+json");
}

}  // namespace
}  // namespace cairn::engine
