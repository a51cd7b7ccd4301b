// SPDX-License-Identifier: BSD-3-Clause
#include "oci/manifest.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace cairn::oci {
namespace {

const std::string kDigest = Digest::of("x").to_string();

std::string descriptor(const std::string& more = "") {
  return R"({"mediaType": "m", "size": 7, "digest": ")" + kDigest + "\"" + more + "}";
}

TEST(Manifest, ReadsAnIndexWithItsPlatforms) {
  const Index index = parse_index(
      R"({"manifests": [)" +
          descriptor(R"(, "platform": {"os": "linux", "architecture": "arm", "variant": "v7"})") +
          "," + descriptor(R"(, "platform": {"os": "unknown", "architecture": "unknown"})") + "," +
          descriptor() + "]}",
      "i");
  ASSERT_EQ(index.manifests.size(), 3U);
  EXPECT_EQ(index.manifests[0].platform, Platform::parse("linux/arm/v7"));
  EXPECT_EQ(index.manifests[0].digest.to_string(), kDigest);
  EXPECT_EQ(index.manifests[0].size, 7U);
  EXPECT_EQ(index.manifests[1].platform, std::nullopt);  // an attestation
  EXPECT_EQ(index.manifests[2].platform, std::nullopt);
}

TEST(Manifest, ReadsConfigAndLayers) {
  const Manifest manifest = parse_manifest(
      R"({"config": )" + descriptor() + R"(, "layers": [)" + descriptor() + "]}", "m");
  EXPECT_EQ(manifest.config.media_type, "m");
  EXPECT_EQ(manifest.layers.size(), 1U);
}

TEST(Manifest, KnowsTheMediaTypesOfBothFamilies) {
  int indexes = 0, manifests = 0;
  for (const std::string& type : manifest_media_types()) {
    indexes += is_index_type(type) ? 1 : 0;
    manifests += is_manifest_type(type) ? 1 : 0;
  }
  EXPECT_EQ(indexes, 2);
  EXPECT_EQ(manifests, 2);
  EXPECT_FALSE(is_manifest_type("application/json"));
}

TEST(Manifest, FindsTheTypeOfADocument) {
  const std::string index = manifest_media_types()[0], list = manifest_media_types()[1];
  const std::string manifest = manifest_media_types()[2], docker = manifest_media_types()[3];
  EXPECT_EQ(media_type_of(R"({"mediaType": ")" + docker + "\"}", manifest, "x"), docker);
  EXPECT_EQ(media_type_of(R"({"manifests": []})", list, "x"), list);
  EXPECT_EQ(media_type_of(R"({"manifests": []})", "text/plain", "x"), index);
  EXPECT_EQ(media_type_of(R"({"layers": []})", "", "x"), manifest);
  const auto error_of = [](const std::string& bytes) {
    try {
      return media_type_of(bytes, "text/plain", "document 'x'");
    } catch (const Error& error) {
      return std::string(error.what());
    }
  };
  EXPECT_EQ(error_of("{}"), "document 'x': 'text/plain' is no type of a manifest or index");
  EXPECT_EQ(error_of(R"({"mediaType": "a/b", "layers": []})"),
            "document 'x': 'a/b' is no type of a manifest or index");
  EXPECT_EQ(error_of("tar"), "document 'x': expected a JSON object");
}

TEST(Manifest, SaysWhatIsWrong) {
  const auto text_of = [](const std::string& bytes) {
    try {
      parse_index(bytes, "index 'x'");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("taken");
  };
  EXPECT_EQ(text_of("<html>"), "index 'x': expected a JSON object");
  EXPECT_EQ(text_of("[]"), "index 'x': expected a JSON object");
  EXPECT_EQ(text_of("{}"), "index 'x': expected a list at 'manifests'");
  EXPECT_EQ(text_of(R"({"manifests": [{"size": -1}]})"),
            "index 'x': expected a size of a descriptor");
  EXPECT_EQ(text_of(R"({"manifests": [{"size": 1}]})"),
            "index 'x': expected a string at 'mediaType'");
  EXPECT_EQ(text_of(R"({"manifests": [{"size": 1, "mediaType": "m", "digest": "md5:1"}]})"),
            "invalid digest 'md5:1': expected 'sha256:' and 64 lower-case hex digits");
  EXPECT_THROW(parse_manifest("{}", "m"), Error);
}

}  // namespace
}  // namespace cairn::oci
