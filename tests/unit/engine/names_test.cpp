// SPDX-License-Identifier: BSD-3-Clause
#include "engine/names.hpp"

#include <gtest/gtest.h>

namespace cairn::engine {
namespace {

TEST(ListedName, HasTheHostThatTheEngineGives) {
  const std::string digest = "@sha256:" + std::string(64, '1');
  for (const char* kind : {"docker", "podman", "buildah"}) {
    Endpoint endpoint;
    endpoint.kind = kind;
    const bool docker = endpoint.kind == "docker";
    const std::string host = docker ? "docker.io/library/" : "localhost/";
    EXPECT_EQ(listed_name(endpoint, "quay.io/me/x"), "quay.io/me/x:latest");
    EXPECT_EQ(listed_name(endpoint, "docker.io/me/x:1"), "docker.io/me/x:1");
    EXPECT_EQ(listed_name(endpoint, "x:1"), host + "x:1");
    EXPECT_EQ(listed_name(endpoint, "x" + digest), host + "x" + digest);
    EXPECT_EQ(listed_name(endpoint, "me/x"),
              docker ? "docker.io/me/x:latest" : "localhost/me/x:latest");
  }
}

}  // namespace
}  // namespace cairn::engine
