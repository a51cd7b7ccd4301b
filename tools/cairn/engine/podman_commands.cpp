// SPDX-License-Identifier: BSD-3-Clause
#include "engine/podman_commands.hpp"

#include "engine/run_commands.hpp"

namespace cairn::engine {

Command podman_build_command(const Endpoint& endpoint, const BuildRequest& request,
                             const std::string& id_file) {
  Command command = plain_command(endpoint, {"build"});
  std::vector<std::string>& words = command.argv;
  append(words, endpoint.build_flags);
  append(words,
         {"--pull=never", "--format", "docker", "--ignorefile", "/dev/null", "--iidfile", id_file,
          "--layers", "--file", request.dockerfile, "--platform", request.platform.to_string()});
  if (!request.target.empty()) append(words, {"--target", request.target});
  for (const auto& [name, value] : request.build_args) {
    append(words, {"--build-arg", name + "=" + value});
  }
  for (const auto& [name, value] : request.labels)
    append(words, {"--label", name + "=" + value});
  for (const BuildSecret& secret : request.secrets) {
    append(words, {"--secret", "id=" + secret.id + ",src=" + secret.source});
  }
  for (const std::string& ssh : request.ssh)
    append(words, {"--ssh", ssh});
  if (!request.network.empty()) append(words, {"--network", request.network});
  for (const std::string& host : request.added_hosts)
    append(words, {"--add-host", host});
  if (request.no_cache) words.emplace_back("--no-cache");
  append(words, request.flags);
  words.push_back(request.context);
  return command;
}

Command podman_pull_command(const Endpoint& endpoint, const std::string& reference,
                            const oci::Platform& platform) {
  return plain_command(endpoint, {"pull", "--platform", platform.to_string(), reference});
}

Command podman_remove_container_command(const Endpoint& endpoint, const std::string& name) {
  return plain_command(endpoint, {"rm", "--force", "--time", "0", "--volumes", "--ignore", name});
}

}  // namespace cairn::engine
