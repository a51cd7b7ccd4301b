// SPDX-License-Identifier: BSD-3-Clause
#include "engine/run_commands.hpp"

namespace cairn::engine {
namespace {

/// Variables by which the environment would change an image beside its key (exactness rule 4). Not
/// among them: what a flag of ours overrides (BUILDX_BUILDER, BUILDAH_FORMAT, BUILDAH_LAYERS,
/// BUILDX_NO_DEFAULT_ATTESTATIONS), what can only refuse a build (BUILDX_DEFAULT_POLICY), what says
/// where the engine is, and proxies.
const std::vector<std::string> kUndeclaredInputs{
    // buildx hands it on as a build argument; podman and buildah date the image by it.
    "SOURCE_DATE_EPOCH",
    // A file of rules by which buildx fetches something else than the recipe names.
    "EXPERIMENTAL_BUILDKIT_SOURCE_POLICY",
    // buildx adds labels: the commit around the context, and the path of the recipe.
    "BUILDX_GIT_LABELS",
};

bool is_network_flag(const std::string& word) {
  return word == "--network" || word == "--net";
}

std::string network_in(const std::vector<std::string>& words) {
  std::string network;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_network_flag(words[i]) && i + 1 < words.size()) network = words[i + 1];
    if (words[i].rfind("--network=", 0) == 0) network = words[i].substr(10);
    if (words[i].rfind("--net=", 0) == 0) network = words[i].substr(6);
  }
  return network;
}

bool is_local(const Endpoint& endpoint) {
  return endpoint.url.empty() || endpoint.url.rfind("unix://", 0) == 0;
}

void append_ports(std::vector<std::string>& words, const Endpoint& endpoint,
                  const RunRequest& request) {
  // With the host's network a port is the host's already, and podman refuses to publish it.
  if (effective_network(endpoint, request) == "host") return;
  const std::string where = is_local(endpoint) ? "127.0.0.1::" : "";
  for (const int port : request.published_ports) {
    append(words, {"--publish", where + std::to_string(port)});
  }
}

void append_options(std::vector<std::string>& words, const Endpoint& endpoint,
                    const RunRequest& request) {
  append(words, {"--name", request.name, "--pull=never"});
  // podman without systemd complains about timers on the container's stderr; Cairn runs podman's
  // healthchecks itself (rule 23).
  if (endpoint.kind == "podman") words.emplace_back("--no-healthcheck");
  // docker warns on the container's stderr where it emulates and nobody has named the platform.
  const bool is_foreign =
      !request.platform.empty() && request.platform != oci::host_platform().to_string();
  if (endpoint.kind == "docker" && is_foreign) append(words, {"--platform", request.platform});
  for (const auto& [name, value] : request.environment)
    append(words, {"--env", name + "=" + value});
  if (!request.user.empty()) append(words, {"--user", request.user});
  if (!request.working_dir.empty()) append(words, {"--workdir", request.working_dir});
  if (!request.network.empty()) append(words, {"--network", request.network});
  append_ports(words, endpoint, request);
  if (request.tty) words.emplace_back("--tty");
  if (!request.input.empty()) words.emplace_back("--interactive");
  append(words, request.flags);
}

void append_program(std::vector<std::string>& words, const RunRequest& request) {
  if (request.entrypoint) {
    append(words, {"--entrypoint", request.entrypoint->empty() ? "" : request.entrypoint->front()});
  }
  words.push_back(request.image);
  if (request.entrypoint && request.entrypoint->size() > 1) {
    words.insert(words.end(), request.entrypoint->begin() + 1, request.entrypoint->end());
  }
  append(words, request.command);
}

// What deals with a container. podman's own warnings would stand in the container's stderr, as
// that of podman 5 about cgroups v1; errors still do.
std::vector<std::string> container_words(const Endpoint& endpoint) {
  std::vector<std::string> words = engine_words(endpoint);
  if (endpoint.kind == "podman") words.emplace_back("--log-level=error");
  return words;
}

std::vector<std::string> run_words(const Endpoint& endpoint, const RunRequest& request) {
  std::vector<std::string> words = container_words(endpoint);
  words.emplace_back("run");
  // Two --network flags are an error to podman.
  append(words, request.network.empty() && network_in(request.flags).empty()
                    ? endpoint.run_flags
                    : without_network(endpoint.run_flags));
  return words;
}

}  // namespace

std::vector<std::string> engine_words(const Endpoint& endpoint) {
  std::vector<std::string> words{endpoint.program};
  if (endpoint.kind == "docker" && !endpoint.url.empty()) append(words, {"-H", endpoint.url});
  append(words, endpoint.global_flags);
  return words;
}

void append(std::vector<std::string>& words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
}

std::string effective_network(const Endpoint& endpoint, const RunRequest& request) {
  if (!request.network.empty()) return request.network;
  const std::string asked = network_in(request.flags);
  return asked.empty() ? network_in(endpoint.run_flags) : asked;
}

std::vector<std::string> without_network(const std::vector<std::string>& words) {
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_network_flag(words[i])) {
      ++i;
    } else if (words[i].rfind("--network=", 0) != 0 && words[i].rfind("--net=", 0) != 0) {
      kept.push_back(words[i]);
    }
  }
  return kept;
}

Command run_command(const Endpoint& endpoint, const RunRequest& request,
                    const std::string& id_file) {
  Command command;
  command.argv = run_words(endpoint, request);
  // Signals end the command line at once instead of waiting for a program that, as process 1,
  // ignores them; the container is removed by name then.
  append(command.argv, {"--rm", "--sig-proxy=false", "--cidfile", id_file});
  append_options(command.argv, endpoint, request);
  append_program(command.argv, request);
  command.input = request.input;
  return command;
}

Command start_command(const Endpoint& endpoint, const RunRequest& request,
                      const std::string& id_file) {
  Command command;
  command.argv = run_words(endpoint, request);
  append(command.argv, {"--detach", "--cidfile", id_file});
  append_options(command.argv, endpoint, request);
  append_program(command.argv, request);
  return command;
}

Command exec_command(const Endpoint& endpoint, const std::string& container,
                     const std::vector<std::string>& argv) {
  Command command;
  command.argv = container_words(endpoint);
  append(command.argv, {"exec", container});
  append(command.argv, argv);
  return command;
}

Command logs_command(const Endpoint& endpoint, const std::string& container) {
  Command command;
  command.argv = container_words(endpoint);
  append(command.argv, {"logs", container});
  return command;
}

Command remove_container_command(const Endpoint& endpoint, const std::string& name) {
  if (endpoint.kind == "buildah") return plain_command(endpoint, {"rm", name});
  Command command = plain_command(endpoint, {"rm", "--force", "--volumes"});
  // podman would wait 10 s for the program to end, and say that what is gone is not there.
  if (endpoint.kind == "podman") append(command.argv, {"--time", "0", "--ignore"});
  command.argv.push_back(name);
  return command;
}

Command interactive_command(const Endpoint& endpoint, const std::string& image,
                            const std::string& name) {
  Command command;
  command.argv = engine_words(endpoint);
  command.argv.emplace_back("run");
  append(command.argv, endpoint.run_flags);
  append(command.argv, {"--rm", "--interactive", "--tty", "--name", name, "--pull=never"});
  append(command.argv, {"--entrypoint", "/bin/sh", image, "-c",
                        "command -v bash >/dev/null 2>&1 && exec bash; exec sh"});
  return command;
}

void append_build_request(Command& command, const BuildRequest& request) {
  append(command.withheld, kUndeclaredInputs);
  std::vector<std::string>& words = command.argv;
  append(words, {"--file", request.dockerfile, "--platform", request.platform.to_string()});
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
}

Command plain_command(const Endpoint& endpoint, const std::vector<std::string>& words) {
  Command command;
  command.argv = engine_words(endpoint);
  append(command.argv, words);
  return command;
}

}  // namespace cairn::engine
