// SPDX-License-Identifier: BSD-3-Clause
#include "oci/image_config.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <set>

namespace cairn::oci {
namespace {

using Json = nlohmann::json;

// As `GET /images/X/json` of docker 20.10 answers, with every member that has a say.
Json document() {
  return Json::parse(R"({
    "Id": "sha256:1", "RepoTags": ["x:latest"], "RepoDigests": [], "Parent": "sha256:0",
    "Comment": "buildkit.dockerfile.v0", "Created": "2026-11-24T00:20:00Z",
    "Container": "c", "ContainerConfig": {"Hostname": "h", "Image": "sha256:8"},
    "DockerVersion": "20.10.24", "Author": "a", "Os": "linux", "Architecture": "arm",
    "Variant": "v7", "Size": 1, "VirtualSize": 1, "GraphDriver": {"Name": "overlay2"},
    "Metadata": {"LastTagTime": "0001-01-01T00:00:00Z"},
    "RootFS": {"Type": "layers", "Layers": ["sha256:a", "sha256:b"]},
    "Config": {
      "Hostname": "", "Domainname": "", "AttachStdin": false, "Image": "sha256:7",
      "User": "jovyan", "Env": ["PATH=/bin", "A=1"], "Entrypoint": ["tini"], "Cmd": ["run"],
      "WorkingDir": "/home", "ExposedPorts": {"8888/tcp": {}}, "Volumes": {"/v": {}},
      "Labels": {"a": "b"}, "StopSignal": "SIGINT", "Shell": ["/bin/bash", "-c"],
      "OnBuild": ["RUN x"],
      "Healthcheck": {"Test": ["CMD", "true"], "Interval": 3000000000, "Timeout": 1000000000,
                      "StartPeriod": 2000000000, "Retries": 3}}})");
}

std::string identity_of(const Json& json) {
  return content_identity(ImageConfig::from_json(json));
}

struct Change {
  const char* pointer;
  Json value;
};

TEST(ContentIdentity, ChangesWithEachMemberOfTheWhitelist) {
  const std::vector<Change> changes{{"/Os", "windows"},
                                    {"/Architecture", "amd64"},
                                    {"/Variant", "v6"},
                                    {"/RootFS/Layers/1", "sha256:c"},
                                    {"/RootFS/Layers", {"sha256:b", "sha256:a"}},
                                    {"/RootFS/Layers", {"sha256:a"}},
                                    {"/Config/User", "root"},
                                    {"/Config/Env", {"A=1", "PATH=/bin"}},
                                    {"/Config/Env/1", "A=2"},
                                    {"/Config/Entrypoint", nullptr},
                                    {"/Config/Cmd", {"run", ""}},
                                    {"/Config/WorkingDir", ""},
                                    {"/Config/ExposedPorts/9~1tcp", Json::object()},
                                    {"/Config/Volumes/~1w", Json::object()},
                                    {"/Config/Labels/a", "c"},
                                    {"/Config/StopSignal", "SIGTERM"},
                                    {"/Config/Shell", {"/bin/sh", "-c"}},
                                    {"/Config/OnBuild", Json::array()},
                                    {"/Config/Healthcheck", nullptr},
                                    {"/Config/Healthcheck/Test/1", "false"},
                                    {"/Config/Healthcheck/Interval", 1},
                                    {"/Config/Healthcheck/Timeout", 1},
                                    {"/Config/Healthcheck/StartPeriod", 1},
                                    {"/Config/Healthcheck/Retries", 1}};
  std::set<std::string> seen{identity_of(document())};
  for (const Change& change : changes) {
    Json changed = document();
    changed[Json::json_pointer(change.pointer)] = change.value;
    EXPECT_TRUE(seen.insert(identity_of(changed)).second)
        << change.pointer << " = " << change.value << " has no say";
  }
}

TEST(ImageConfig, NumbersOfAHealthcheckThatAreNoneAreNought) {
  for (const char* number : {"1e30", "\"3\"", "1.5", "null"}) {
    Json changed = document();
    for (const char* member : {"Interval", "Timeout", "StartPeriod", "Retries"})
      changed["Config"]["Healthcheck"][member] = Json::parse(number);
    const auto check = ImageConfig::from_json(changed).healthcheck;
    ASSERT_TRUE(check) << number;
    EXPECT_EQ(check->interval + check->timeout + check->start_period + check->retries, 0) << number;
  }
}

TEST(ContentIdentity, KeepsTheMembersOfOneKindApart) {
  Json moved = document();
  moved["Config"]["Cmd"] = {"tini"};
  moved["Config"]["Entrypoint"] = {"run"};
  EXPECT_NE(identity_of(moved), identity_of(document()));
}

TEST(ContentIdentity, IgnoresWhatBuildersAddOfTheirOwn) {
  const std::vector<Change> changes{{"/Id", "sha256:2"},
                                    {"/RepoTags", {"y:1"}},
                                    {"/RepoDigests", {"y@sha256:3"}},
                                    {"/Parent", ""},
                                    {"/Comment", ""},
                                    {"/Created", "1970-01-01T00:00:00Z"},
                                    {"/Container", ""},
                                    {"/ContainerConfig", nullptr},
                                    {"/DockerVersion", ""},
                                    {"/Author", ""},
                                    {"/Size", 2},
                                    {"/GraphDriver", nullptr},
                                    {"/Metadata", nullptr},
                                    {"/Config/Image", ""},
                                    {"/Config/Hostname", "x"},
                                    {"/Config/AttachStdin", true},
                                    {"/Config/Labels/io.buildah.version", "1.28.2"}};
  for (const Change& change : changes) {
    Json changed = document();
    changed[Json::json_pointer(change.pointer)] = change.value;
    EXPECT_EQ(identity_of(changed), identity_of(document())) << change.pointer;
  }
}

TEST(ContentIdentity, IsTheSameHoweverAnEngineWritesIt) {
  Json oci = {{"os", "linux"},
              {"architecture", "arm"},
              {"variant", "v7"},
              {"rootfs", {{"type", "layers"}, {"diff_ids", {"sha256:a", "sha256:b"}}}},
              {"config", document()["Config"]}};
  EXPECT_EQ(identity_of(oci), identity_of(document())) << "an OCI config";
  Json podman = document();
  podman["Healthcheck"] = podman["Config"]["Healthcheck"];
  podman["Config"].erase("Healthcheck");
  EXPECT_EQ(identity_of(podman), identity_of(document())) << "podman's check stands outside";
}

TEST(ContentIdentity, EmptyAndAbsentAreTheSame) {
  Json empty = document();
  Json absent = document();
  for (const char* name : {"Entrypoint", "Cmd", "ExposedPorts", "Volumes", "Labels", "Shell",
                           "OnBuild", "Healthcheck", "Env"}) {
    empty["Config"][name] = nullptr;
    absent["Config"].erase(name);
  }
  EXPECT_EQ(identity_of(empty), identity_of(absent));
  Json bare = document();
  bare["Config"] = nullptr;
  EXPECT_NO_THROW(identity_of(bare)) << "images made by import have no config";
}

// Records hold identities: a change of form would rebuild every family there is.
TEST(ContentIdentity, StaysWhatRecordsHold) {
  EXPECT_EQ(identity_of(document()),
            "cf6c1a8b4304d06bff5f52d976854a565c41c3f5ef62c83a5b3869de2cf3a6d3");
}

TEST(ImageConfig, ANoneHealthcheckIsOne) {
  Json none = document();
  none["Config"]["Healthcheck"] = {{"Test", {"NONE"}}};
  EXPECT_TRUE(ImageConfig::from_json(none).healthcheck.has_value());
  none["Config"]["Healthcheck"] = {{"Test", Json::array()}};
  EXPECT_FALSE(ImageConfig::from_json(none).healthcheck.has_value());
}

TEST(ImageConfig, StandsOnWhatItsLayersBeginWith) {
  const auto with = [](std::vector<std::string> layers) {
    ImageConfig config;
    config.diff_ids = std::move(layers);
    return config;
  };
  EXPECT_TRUE(stands_on(with({"a", "b", "c"}), with({"a", "b"})));
  EXPECT_TRUE(stands_on(with({"a"}), with({"a"})));
  EXPECT_TRUE(stands_on(with({"a"}), with({})));
  EXPECT_FALSE(stands_on(with({"a", "c"}), with({"a", "b"})));
  EXPECT_FALSE(stands_on(with({"b", "a"}), with({"a"})));
  EXPECT_FALSE(stands_on(with({"a"}), with({"a", "b"})));
}

}  // namespace
}  // namespace cairn::oci
