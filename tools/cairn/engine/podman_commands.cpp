// SPDX-License-Identifier: BSD-3-Clause
#include "engine/podman_commands.hpp"

#include "engine/run_commands.hpp"

namespace cairn::engine {

Command podman_build_command(const Endpoint& endpoint, const BuildRequest& request,
                             const std::string& id_file) {
  Command command = plain_command(endpoint, {"build"});
  std::vector<std::string>& words = command.argv;
  append(words, endpoint.build_flags);
  append(words, {"--pull=never", "--format", "docker", "--ignorefile", "/dev/null", "--iidfile",
                 id_file, "--layers", "--force-rm"});
  append_build_request(command, request);
  return command;
}

Command podman_pull_command(const Endpoint& endpoint, const std::string& reference,
                            const oci::Platform& platform) {
  return plain_command(endpoint, {"pull", "--platform", platform.to_string(), reference});
}

}  // namespace cairn::engine
