// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/buildah_commands.hpp"
#include "engine/docker_commands.hpp"
#include "engine/image_stream.hpp"
#include "engine/podman_commands.hpp"
#include "engine/run_commands.hpp"

#include <gtest/gtest.h>

namespace cairn::engine {
namespace {

Endpoint docker(const std::string& builder) {
  Endpoint endpoint;
  endpoint.kind = "docker";
  endpoint.builder = builder;
  endpoint.program = "/usr/bin/docker";
  endpoint.url = "unix:///run/d.sock";
  return endpoint;
}

Endpoint daemonless(const std::string& kind) {
  Endpoint endpoint;
  endpoint.kind = kind;
  endpoint.program = "/usr/bin/" + kind;
  endpoint.global_flags = {"--root", "/r"};
  endpoint.build_flags = {"--isolation", "chroot"};
  endpoint.run_flags = {"--ulimit", "nofile=1:1", "--network", "host"};
  return endpoint;
}

BuildRequest build_request() {
  BuildRequest request;
  request.context = "/context";
  request.dockerfile = "/recipe/Dockerfile";
  request.platform = oci::Platform::parse("linux/amd64");
  request.target = "base";
  request.build_args = {{"A", "1 2"}};
  request.labels = {{"l", "x"}};
  request.network = "host";
  request.added_hosts = {"h:1.2.3.4"};
  request.no_cache = true;
  request.flags = {"--shm-size", "1g"};
  return request;
}

constexpr const char* kCommonBuild =
    "--file /recipe/Dockerfile --platform linux/amd64 --target base --build-arg 'A=1 2' "
    "--label l=x";
constexpr const char* kBuildEnd =
    " --network host --add-host h:1.2.3.4 --no-cache --shm-size 1g /context";

RunRequest run_request() {
  RunRequest request;
  request.image = "sha256:abc";
  request.name = "n";
  request.command = {"a b"};
  return request;
}

TEST(Commands, DockerBuildsByEachBuilder) {
  BuildRequest request = build_request();
  const BuildOutputs outputs{"/o/id", "/o/meta"};
  Command command = docker_build_command(docker("legacy"), request, outputs);
  EXPECT_EQ(shell_quote(command.argv),
            std::string("/usr/bin/docker -H unix:///run/d.sock build --iidfile /o/id --force-rm ") +
                kCommonBuild + kBuildEnd);
  EXPECT_EQ(command.environment.at("DOCKER_BUILDKIT"), "0");

  request.secrets = {{"s", "/secret"}};
  request.ssh = {"default"};
  command = docker_build_command(docker("buildkit"), request, outputs);
  EXPECT_EQ(shell_quote(command.argv),
            std::string("/usr/bin/docker -H unix:///run/d.sock build --iidfile /o/id "
                        "--progress=plain ") +
                kCommonBuild + " --secret id=s,src=/secret --ssh default" + kBuildEnd);
  EXPECT_EQ(command.environment.at("DOCKER_BUILDKIT"), "1");

  command = docker_build_command(docker("buildx"), request, outputs);
  EXPECT_EQ(shell_quote(command.argv),
            std::string("/usr/bin/docker -H unix:///run/d.sock buildx build --builder default "
                        "--provenance=false --metadata-file /o/meta --iidfile /o/id "
                        "--progress=plain ") +
                kCommonBuild + " --secret id=s,src=/secret --ssh default" + kBuildEnd);
}

TEST(Commands, LegacyBuilderRefusesSecrets) {
  BuildRequest request = build_request();
  request.secrets = {{"s", "/secret"}};
  try {
    docker_build_command(docker("legacy"), request, {});
    FAIL();
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(), "docker's legacy builder has no secrets and no ssh forwarding");
    EXPECT_EQ(error.hint(),
              "install buildx (docker-buildx), or choose another engine: "
              "cmake -DCAIRN_ENGINE=podman -B <build folder>");
  }
}

TEST(Commands, PodmanAndBuildahBuildWithoutPullsInDockersFormat) {
  for (const std::string kind : {"podman", "buildah"}) {
    EXPECT_EQ(shell_quote(podman_build_command(daemonless(kind), build_request(), "/o/id").argv),
              "/usr/bin/" + kind +
                  " --root /r build --isolation chroot --pull=never --format docker --ignorefile "
                  "/dev/null --iidfile /o/id --layers --force-rm " +
                  kCommonBuild + kBuildEnd);
  }
}

TEST(Commands, NoBuilderTakesTheImageFromTheEnvironment) {
  const std::vector<std::string> withheld{
      "SOURCE_DATE_EPOCH", "EXPERIMENTAL_BUILDKIT_SOURCE_POLICY", "BUILDX_GIT_LABELS"};
  for (const std::string builder : {"legacy", "buildkit", "buildx"}) {
    const Command command = docker_build_command(docker(builder), build_request(), {});
    EXPECT_EQ(command.withheld, withheld) << builder;
  }
  for (const std::string kind : {"podman", "buildah"}) {
    const Command command = podman_build_command(daemonless(kind), build_request(), "/o/id");
    EXPECT_EQ(command.withheld, withheld) << kind;
  }
}

TEST(Commands, DockerRuns) {
  RunRequest request = run_request();
  request.entrypoint = std::vector<std::string>{};
  request.environment = {{"K", "v w"}};
  request.user = "1000:100";
  request.working_dir = "/w";
  request.published_ports = {8888};
  request.tty = true;
  request.input = "x";
  request.flags = {"--tmpfs", "/t"};
  const Command command = run_command(docker("buildkit"), request, "/id");
  EXPECT_EQ(shell_quote(command.argv),
            "/usr/bin/docker -H unix:///run/d.sock run --rm --sig-proxy=false --cidfile /id "
            "--name n --pull=never --env 'K=v w' --user 1000:100 --workdir /w --publish "
            "127.0.0.1::8888 --tty --interactive --tmpfs /t --entrypoint '' sha256:abc 'a b'");
  EXPECT_EQ(command.input, "x");
}

TEST(Commands, DockerIsToldOfAForeignPlatform) {
  RunRequest request = run_request();
  request.platform = oci::host_platform().to_string();
  EXPECT_EQ(shell_quote(start_command(docker("legacy"), request, "/id").argv),
            "/usr/bin/docker -H unix:///run/d.sock run --detach --cidfile /id --name n "
            "--pull=never sha256:abc 'a b'");
  request.platform = "linux/s390x";
  EXPECT_EQ(shell_quote(start_command(docker("legacy"), request, "/id").argv),
            "/usr/bin/docker -H unix:///run/d.sock run --detach --cidfile /id --name n "
            "--pull=never --platform linux/s390x sha256:abc 'a b'");
}

TEST(Commands, DockerElsewherePublishesToItsOwnMachine) {
  Endpoint endpoint = docker("buildkit");
  endpoint.url = "ssh://me@far";
  RunRequest request = run_request();
  request.published_ports = {80};
  EXPECT_EQ(shell_quote(start_command(endpoint, request, "/id").argv),
            "/usr/bin/docker -H ssh://me@far run --detach --cidfile /id --name n --pull=never "
            "--publish 80 sha256:abc 'a b'");
  EXPECT_EQ(shell_quote(docker_dial_command(endpoint).argv),
            "/usr/bin/docker -H ssh://me@far system dial-stdio");
}

TEST(Commands, PodmanRunsOnOneNetworkOnly) {
  RunRequest request = run_request();
  request.published_ports = {80};
  EXPECT_EQ(shell_quote(start_command(daemonless("podman"), request, "/id").argv),
            "/usr/bin/podman --root /r --log-level=error run --ulimit nofile=1:1 --network host "
            "--detach --cidfile /id --name n --pull=never --no-healthcheck sha256:abc 'a b'");
  request.network = "none";
  request.published_ports.clear();
  EXPECT_EQ(
      shell_quote(start_command(daemonless("podman"), request, "/id").argv),
      "/usr/bin/podman --root /r --log-level=error run --ulimit nofile=1:1 --detach --cidfile "
      "/id --name n --pull=never --no-healthcheck --network none sha256:abc 'a b'");
}

TEST(Commands, PodmanKeepsItsWarningsToItself) {
  EXPECT_EQ(shell_quote(exec_command(daemonless("podman"), "n", {"a"}).argv),
            "/usr/bin/podman --root /r --log-level=error exec n a");
  EXPECT_EQ(shell_quote(logs_command(daemonless("podman"), "n").argv),
            "/usr/bin/podman --root /r --log-level=error logs n");
  EXPECT_EQ(shell_quote(logs_command(docker("legacy"), "n").argv),
            "/usr/bin/docker -H unix:///run/d.sock logs n");
}

TEST(Commands, AnEntrypointOfSeveralWordsIsSplit) {
  RunRequest request = run_request();
  request.entrypoint = std::vector<std::string>{"/e", "-x"};
  const std::string line = shell_quote(run_command(docker("legacy"), request, "/id").argv);
  EXPECT_NE(line.find("--entrypoint /e sha256:abc -x 'a b'"), std::string::npos) << line;
}

TEST(Commands, FindsTheNetworkThatCounts) {
  const Endpoint podman = daemonless("podman");
  RunRequest request = run_request();
  EXPECT_EQ(effective_network(podman, request), "host");
  request.flags = {"--net=bridge"};
  EXPECT_EQ(effective_network(podman, request), "bridge");
  request.network = "none";
  EXPECT_EQ(effective_network(podman, request), "none");
  EXPECT_EQ(effective_network(docker("legacy"), run_request()), "");
  EXPECT_EQ(without_network({"--a", "--network", "host", "--net=x", "--network=y", "b"}),
            (std::vector<std::string>{"--a", "b"}));
}

TEST(Commands, BuildahPutsTheArgumentVectorTogether) {
  oci::ImageConfig config;
  config.entrypoint = {"/e"};
  config.cmd = {"c"};
  RunRequest request;
  EXPECT_EQ(container_argv(request, config), (std::vector<std::string>{"/e", "c"}));
  request.command = {"own"};
  EXPECT_EQ(container_argv(request, config), (std::vector<std::string>{"/e", "own"}));
  request.entrypoint = std::vector<std::string>{};
  EXPECT_EQ(container_argv(request, config), std::vector<std::string>{"own"});
  request.command.clear();
  request.entrypoint = std::vector<std::string>{"/o"};
  EXPECT_EQ(container_argv(request, config), std::vector<std::string>{"/o"});
}

TEST(Commands, BuildahRuns) {
  Endpoint endpoint = daemonless("buildah");
  endpoint.run_flags = {"--isolation", "chroot"};
  RunRequest request = run_request();
  request.environment = {{"K", "v"}};
  request.user = "u";
  request.working_dir = "/w";
  EXPECT_EQ(shell_quote(buildah_run_command(endpoint, request, {"/e", "x y"}).argv),
            "/usr/bin/buildah --root /r run --isolation chroot --env K=v --user u --workingdir /w "
            "n -- /e 'x y'");
  EXPECT_EQ(shell_quote(buildah_from_command(endpoint, "sha256:abc", "n").argv),
            "/usr/bin/buildah --root /r from --pull-never --name n sha256:abc");
  endpoint.build_flags = {"--isolation", "chroot",   "--ulimit",
                          "nofile=1:1",  "--ulimit", "nproc=2:2"};
  EXPECT_EQ(shell_quote(buildah_from_command(endpoint, "sha256:abc", "n").argv),
            "/usr/bin/buildah --root /r from --pull-never --ulimit nofile=1:1 --ulimit nproc=2:2 "
            "--name n sha256:abc");
}

TEST(Commands, BuildahsOwnWordsAreTakenBack) {
  RunResult result;
  result.exit_status = 3;
  result.err =
      "bad\nsubprocess exited with status 3\nsubprocess exited with status 3\nError: exit status "
      "3\n";
  clean_buildah_result(result);
  EXPECT_EQ(result.err, "bad\n");
  EXPECT_EQ(result.exit_status, 3);
}

TEST(Commands, BuildahsWordsForAProgramThatIsNotThereAreStatus127) {
  const auto status_of = [](const std::string& err) {
    RunResult result;
    result.exit_status = 1;
    result.err = err;
    clean_buildah_result(result);
    return result.exit_status;
  };
  EXPECT_EQ(status_of("process failed to start with error: fork/exec /x: no such file"), 127);
  const std::string oci = "error running container: from runc creating container for [/x]: ";
  EXPECT_EQ(status_of(oci + "runc create failed: unable to start container process: exec: \"/x\": "
                            "stat /x: no such file or directory\n: exit status 1\n"),
            127);
  EXPECT_EQ(status_of(oci + "executable file `/x` not found: No such file or directory\n"), 127);
  EXPECT_EQ(status_of(oci + "no space left on device\n"), 1);
  EXPECT_EQ(status_of("my own: executable file `/x`\n"), 1);
}

TEST(Commands, ContainersAreRemovedRunningOrNot) {
  EXPECT_EQ(shell_quote(remove_container_command(docker("legacy"), "n").argv),
            "/usr/bin/docker -H unix:///run/d.sock rm --force --volumes n");
  EXPECT_EQ(shell_quote(remove_container_command(daemonless("podman"), "n").argv),
            "/usr/bin/podman --root /r rm --force --volumes --time 0 --ignore n");
  EXPECT_EQ(shell_quote(remove_container_command(daemonless("buildah"), "n").argv),
            "/usr/bin/buildah --root /r rm n");
}

TEST(Commands, ShellsAreInteractiveAndRemoved) {
  EXPECT_EQ(shell_quote(interactive_command(docker("legacy"), "i", "n").argv),
            "/usr/bin/docker -H unix:///run/d.sock run --rm --interactive --tty --name n "
            "--pull=never --entrypoint /bin/sh i -c 'command -v bash >/dev/null 2>&1 && exec bash; "
            "exec sh'");
}

TEST(LoadedId, IsReadFromWhatEnginesSay) {
  const std::string hex(64, 'a');
  EXPECT_EQ(loaded_id("Loaded image ID: sha256:" + hex + "\n"), "sha256:" + hex);
  EXPECT_EQ(loaded_id("Loaded image: sha256:" + hex + "\n"), "sha256:" + hex);
  EXPECT_EQ(loaded_id(hex + "\n"), "sha256:" + hex);
  EXPECT_EQ(loaded_id("Loaded image: quay.io/me/app:latest\n"), "");
  EXPECT_EQ(loaded_id(hex.substr(1)), "");
}

}  // namespace
}  // namespace cairn::engine
