// SPDX-License-Identifier: BSD-3-Clause
#include "engine/docker_engine.hpp"

#include "../../support/fake_server.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

#include <gtest/gtest.h>

namespace cairn::engine {
namespace {

using testing::answer;
using testing::FakeServer;

/// A daemon that answers what it is told, and a command line that is `script`.
class DockerRun : public ::testing::Test {
 protected:
  RunResult run(const FakeServer& daemon, const std::string& script) {
    const std::filesystem::path program = folder_.path() / "docker";
    write_file(program, "#!/bin/sh\n" + script + "\n");
    std::filesystem::permissions(program, std::filesystem::perms(0755));
    Endpoint endpoint;
    endpoint.kind = "docker";
    endpoint.builder = "legacy";
    endpoint.program = program;
    endpoint.url = "unix://" + daemon.path();
    RunRequest request;
    request.image = "sha256:1";
    request.name = "box";
    request.time_limit = std::chrono::milliseconds(100);
    return open_docker(endpoint)->run(request);
  }

  TempDir folder_{"cairn-docker-engine-"};
};

// A busy daemon makes the container after the command line that asked for it was killed.
TEST_F(DockerRun, RemovesAContainerThatAppearsLate) {
  const FakeServer daemon({{answer(404), answer(404), answer(204)}});
  EXPECT_TRUE(run(daemon, "exec sleep 60").timed_out);
  EXPECT_EQ(daemon.answered(), 3);
}

TEST_F(DockerRun, WaitsUntilTheDaemonHasRemovedItByItself) {
  const FakeServer daemon({{answer(409), answer(200, "{}"), answer(404)}});
  EXPECT_TRUE(run(daemon, "exec sleep 60").timed_out);
  EXPECT_EQ(daemon.answered(), 3);
}

TEST_F(DockerRun, LooksOnceWhenTheCommandLineEndedByItself) {
  const FakeServer daemon({{answer(404), answer(404)}});
  EXPECT_EQ(run(daemon, "while [ \"$1\" != --cidfile ]; do shift; done; echo id >\"$2\"; exit 3")
                .exit_status,
            3);
  EXPECT_EQ(daemon.answered(), 1);
}

}  // namespace
}  // namespace cairn::engine
