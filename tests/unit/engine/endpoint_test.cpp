// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/sha256.hpp"
#include "engine/capabilities.hpp"
#include "engine/cli.hpp"
#include "engine/engine.hpp"
#include "engine/storage.hpp"

#include <gtest/gtest.h>

namespace cairn::engine {
namespace {

Endpoint endpoint_of(const std::string& kind, const std::string& program) {
  Endpoint endpoint;
  endpoint.kind = kind;
  endpoint.builder = kind == "docker" ? "buildkit" : "";
  endpoint.program = program;
  endpoint.url = kind == "docker" ? "unix:///nonexistent/docker.sock" : "";
  return endpoint;
}

TEST(Endpoint, IsReadFromItsFile) {
  const TempDir folder("cairn-endpoint-");
  const std::string path = folder.path() / "engine.json";
  write_file(path,
             R"({"schema": "cairn/engine/1", "kind": "podman", "program": "/p", "identity": "/g",
                 "global_flags": ["--root", "/g"], "run_flags": ["-x"], "reason": "r"})");
  const Endpoint endpoint = Endpoint::read(path);
  EXPECT_EQ(endpoint.kind, "podman");
  EXPECT_EQ(endpoint.program, "/p");
  EXPECT_EQ(endpoint.identity, "/g");
  EXPECT_EQ(endpoint.global_flags, (std::vector<std::string>{"--root", "/g"}));
  EXPECT_EQ(endpoint.run_flags, std::vector<std::string>{"-x"});
  EXPECT_TRUE(endpoint.build_flags.empty());
  write_file(path, R"({"schema": "cairn/engine/2", "kind": "podman", "program": "/p"})");
  EXPECT_THROW(Endpoint::read(path), UserError);
}

TEST(Endpoint, ADaemonThatDoesNotAnswerIsUnreachable) {
  const auto engine = open_engine(endpoint_of("docker", "/bin/true"));
  try {
    engine->list();
    FAIL();
  } catch (const UnreachableError& error) {
    EXPECT_STREQ(error.what(),
                 "docker does not answer at 'unix:///nonexistent/docker.sock': connecting to "
                 "'/nonexistent/docker.sock': No such file or directory");
    EXPECT_EQ(error.hint(),
              "start it (systemctl start docker), or choose another engine: "
              "cmake -DCAIRN_ENGINE=podman -B <build folder>");
    EXPECT_EQ(error.exit_code(), ExitCode::unreachable);
  }
}

TEST(Endpoint, AProgramThatIsGoneIsUnreachable) {
  for (const std::string kind : {"podman", "buildah"}) {
    const auto engine = open_engine(endpoint_of(kind, "/nonexistent/" + kind));
    try {
      engine->list();
      FAIL();
    } catch (const UnreachableError& error) {
      EXPECT_EQ(error.what(), kind + ": not found at '/nonexistent/" + kind + "'");
      EXPECT_EQ(error.hint(),
                "install it, or choose another engine: cmake -DCAIRN_ENGINE=docker -B <build "
                "folder>");
    }
  }
}

TEST(Endpoint, UnknownKindsAndBuildersAreRefused) {
  try {
    open_engine(endpoint_of("nerdctl", "/bin/true"));
    FAIL();
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(), "unknown engine 'nerdctl': expected docker, podman or buildah");
  }
  try {
    capabilities_of("docker", "kaniko", "");
    FAIL();
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(), "unknown builder 'kaniko': expected buildx, buildkit or legacy");
  }
}

TEST(Capabilities, FollowKindBuilderAndVersion) {
  EXPECT_TRUE(capabilities_of("docker", "legacy", "20.10").builds_unneeded_stages);
  EXPECT_FALSE(capabilities_of("docker", "legacy", "20.10").secrets);
  EXPECT_TRUE(capabilities_of("docker", "buildkit", "").secrets);
  EXPECT_FALSE(capabilities_of("docker", "buildkit", "20.10.24+dfsg1").heredocs);
  EXPECT_TRUE(capabilities_of("docker", "buildx", "26.1.5").heredocs);
  EXPECT_FALSE(capabilities_of("buildah", "", "1.28.2").heredocs);
  EXPECT_TRUE(capabilities_of("buildah", "", "1.43.2").heredocs);
  EXPECT_FALSE(capabilities_of("podman", "", "4.3.1").heredocs);
  EXPECT_TRUE(capabilities_of("podman", "", "5.0").heredocs);
  EXPECT_FALSE(capabilities_of("buildah", "", "").heredocs);
  EXPECT_TRUE(capabilities_of("podman", "", "").pull_never);
  EXPECT_FALSE(capabilities_of("podman", "", "").health_timers);
  EXPECT_FALSE(capabilities_of("buildah", "", "").port_publishing);
  EXPECT_TRUE(capabilities_of("podman", "", "").images_are_cache);
  EXPECT_TRUE(capabilities_of("buildah", "", "").images_are_cache);
  EXPECT_FALSE(capabilities_of("docker", "buildkit", "").images_are_cache);
}

TEST(Capabilities, KnowTheFrontEndThatADaemonWasReleasedWith) {
  EXPECT_EQ(capabilities_of("docker", "buildkit", "20.10.24+dfsg1").front_end, 2);
  EXPECT_EQ(capabilities_of("docker", "buildx", "23.0.1").front_end, 4);
  EXPECT_EQ(capabilities_of("docker", "buildx", "26.1.5+dfsg1").front_end, 7);
  EXPECT_EQ(capabilities_of("docker", "buildx", "28.2.2").front_end, 13);
  EXPECT_EQ(capabilities_of("docker", "buildx", "28.5.2").front_end, 19);
  EXPECT_EQ(capabilities_of("docker", "buildx", "29.0.0").front_end, 20);
  EXPECT_EQ(capabilities_of("docker", "buildx", "").front_end, 0);
  EXPECT_EQ(capabilities_of("docker", "legacy", "20.10").front_end, 0);
}

TEST(Cli, FindsTheEnginesWord) {
  EXPECT_EQ(engines_word("#5 building\nERROR: no such file\n------\n\n"), "ERROR: no such file");
  EXPECT_EQ(engines_word("docker: no.\nSee 'docker run --help'.\n"), "docker: no.");
  EXPECT_EQ(engines_word("\x1b[31mError: red\x1b[0m\n"), "Error: red");
  EXPECT_EQ(engines_word("\n\n"), "");
}

TEST(Cli, AFailedCommandIsARefusal) {
  Endpoint endpoint = endpoint_of("podman", "/bin/sh");
  Command command;
  command.argv = {"/bin/sh", "-c", "echo one; echo 'Error: two' >&2; exit 9"};
  try {
    require_cli(endpoint, command, "do 'it'");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "podman refused to do 'it': Error: two");
  }
  command.argv = {"/bin/sh", "-c", "exit 9"};
  std::string said;
  try {
    stream_cli(endpoint, command, "do 'it'", [&](std::string_view piece) { said.append(piece); });
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "podman refused to do 'it': exit status 9");
  }
}

TEST(Storage, GivesAConfigWhoseBytesAreTheId) {
  const TempDir root("cairn-storage-");
  const std::string bytes = R"({"os":"linux"})";
  const std::string hex = sha256_hex(bytes);
  EXPECT_FALSE(stored_config(root.path(), "sha256:" + hex));
  // `printf sha256:<hex> | base64 -w0` names the file.
  Command command;
  command.argv = {"/bin/sh", "-c", "printf sha256:" + hex + " | base64 -w0"};
  const auto file = root.path() / "overlay-images" / hex / ("=" + run_checked(command));
  write_file(file, bytes);
  EXPECT_EQ(stored_config(root.path(), "sha256:" + hex), Json::parse(bytes));
  write_file(file, bytes + " ");
  EXPECT_FALSE(stored_config(root.path(), "sha256:" + hex));
}

TEST(Storage, FindsItsRootInTheFlags) {
  Endpoint endpoint = endpoint_of("podman", "/p");
  endpoint.identity = "/by-identity";
  EXPECT_EQ(graph_root_of(endpoint), "/by-identity");
  endpoint.global_flags = {"--root", "/a"};
  EXPECT_EQ(graph_root_of(endpoint), "/a");
  endpoint.global_flags = {"--root=/b"};
  EXPECT_EQ(graph_root_of(endpoint), "/b");
}

}  // namespace
}  // namespace cairn::engine
