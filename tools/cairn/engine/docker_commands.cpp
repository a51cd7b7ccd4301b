// SPDX-License-Identifier: BSD-3-Clause
#include "engine/docker_commands.hpp"

#include "base/error.hpp"
#include "engine/run_commands.hpp"

namespace cairn::engine {
Command docker_build_command(const Endpoint& endpoint, const BuildRequest& request,
                             const BuildOutputs& outputs) {
  const bool legacy = endpoint.builder == "legacy";
  const bool buildx = endpoint.builder == "buildx";
  if (legacy && !(request.secrets.empty() && request.ssh.empty())) {
    throw UserError("docker's legacy builder has no secrets and no ssh forwarding",
                    "install buildx (docker-buildx), or choose another engine: "
                    "cmake -DCAIRN_ENGINE=podman -B <build folder>");
  }
  Command command;
  command.argv = engine_words(endpoint);
  if (buildx) command.argv.emplace_back("buildx");
  command.argv.emplace_back("build");
  append(command.argv, endpoint.build_flags);
  if (buildx) {
    // The builder of the endpoint itself: another one would keep the image to itself.
    append(command.argv, {"--builder", "default", "--provenance=false", "--metadata-file",
                          outputs.metadata_file});
  }
  append(command.argv, {"--iidfile", outputs.id_file});
  if (legacy) {
    command.argv.emplace_back("--force-rm");
  } else {
    command.argv.emplace_back("--progress=plain");
  }
  append_build_request(command, request);
  command.environment = {{"DOCKER_BUILDKIT", legacy ? "0" : "1"}, {"DOCKER_CLI_HINTS", "false"}};
  return command;
}

Command docker_pull_command(const Endpoint& endpoint, const std::string& reference,
                            const oci::Platform& platform) {
  return plain_command(endpoint, {"pull", "--platform", platform.to_string(), reference});
}

Command docker_dial_command(const Endpoint& endpoint) {
  return plain_command(endpoint, {"system", "dial-stdio"});
}

}  // namespace cairn::engine
