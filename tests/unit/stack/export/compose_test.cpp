// SPDX-License-Identifier: BSD-3-Clause
#include "stack/export/compose.hpp"

#include "fake_stack.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using archive::Compression;

oci::Descriptor blob_of(const std::string& type, const std::string& bytes) {
  return {type, oci::Digest::of(bytes), bytes.size(), {}};
}

TEST(Compose, WritesEachFamilysOwnMediaTypes) {
  EXPECT_EQ(config_media_type(ConfigFamily::docker),
            "application/vnd.docker.container.image.v1+json");
  EXPECT_EQ(manifest_media_type(ConfigFamily::docker),
            "application/vnd.docker.distribution.manifest.v2+json");
  EXPECT_EQ(layer_media_type(ConfigFamily::docker, Compression::gzip),
            "application/vnd.docker.image.rootfs.diff.tar.gzip");
  EXPECT_EQ(config_media_type(ConfigFamily::oci), "application/vnd.oci.image.config.v1+json");
  EXPECT_EQ(manifest_media_type(ConfigFamily::oci), "application/vnd.oci.image.manifest.v1+json");
  EXPECT_EQ(layer_media_type(ConfigFamily::oci, Compression::gzip),
            "application/vnd.oci.image.layer.v1.tar+gzip");
  EXPECT_EQ(layer_media_type(ConfigFamily::oci, Compression::zstd),
            "application/vnd.oci.image.layer.v1.tar+zstd");
  EXPECT_EQ(testing::thrown_by([] { layer_media_type(ConfigFamily::docker, Compression::zstd); }),
            "layers of an image with a docker config cannot be compressed by zstd");
}

TEST(Compose, WritesTheSameBytesForEver) {
  const std::string text = compose_manifest(
      ConfigFamily::oci, blob_of("c", "config"),
      {{blob_of("l", "layer"), oci::Digest::of("tar"), "zlib"}}, {{"b", "2"}, {"a", "1"}});
  EXPECT_EQ(text, "{\"annotations\":{\"a\":\"1\",\"b\":\"2\"},\"config\":{\"digest\":\"" +
                      oci::Digest::of("config").to_string() +
                      "\",\"mediaType\":\"c\",\"size\":6},\"layers\":[{\"digest\":\"" +
                      oci::Digest::of("layer").to_string() +
                      "\",\"mediaType\":\"l\",\"size\":5}],\"mediaType\":\"application/"
                      "vnd.oci.image.manifest.v1+json\",\"schemaVersion\":2}");
}

TEST(Compose, SaysWhatAnImageStandsOn) {
  ImageRecord image;
  image.created = "2026-11-24T00:20:00Z";
  using Map = std::map<std::string, std::string>;
  EXPECT_EQ(annotations_of(image, nullptr),
            (Map{{"org.opencontainers.image.created", "2026-11-24T00:20:00Z"}}));
  image.revision = "abc";
  image.dirty = true;  // the commit has not what the image was built of
  EXPECT_EQ(annotations_of(image, nullptr),
            (Map{{"org.opencontainers.image.created", "2026-11-24T00:20:00Z"}}));
  image.dirty = false;
  image.base = "docker.io/library/debian:12@" + oci::Digest::of("x").to_string();
  EXPECT_EQ(annotations_of(image, nullptr),
            (Map{{"org.opencontainers.image.created", "2026-11-24T00:20:00Z"},
                 {"org.opencontainers.image.revision", "abc"},
                 {"org.opencontainers.image.base.name", image.base},
                 {"org.opencontainers.image.base.digest", oci::Digest::of("x").to_string()}}));
  const ExportRecord parent{"family",
                            "root-cuda",
                            "root",
                            "cuda",
                            "quay.io/me/root",
                            "",
                            "",
                            "",
                            "",
                            blob_of("m", "manifest"),
                            blob_of("c", "config"),
                            {},
                            {},
                            "",
                            ""};
  image.base = "root-cuda";
  const Map annotations = annotations_of(image, &parent);
  EXPECT_EQ(annotations.at("org.opencontainers.image.base.name"), "quay.io/me/root:cuda-latest");
  EXPECT_EQ(annotations.at("org.opencontainers.image.base.digest"),
            oci::Digest::of("manifest").to_string());
}

}  // namespace
}  // namespace cairn::stack
