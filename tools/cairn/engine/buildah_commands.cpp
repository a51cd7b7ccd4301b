// SPDX-License-Identifier: BSD-3-Clause
#include "engine/buildah_commands.hpp"

#include "engine/run_commands.hpp"

namespace cairn::engine {
namespace {

bool take_suffix(std::string& text, const std::string& suffix) {
  if (suffix.size() > text.size() || text.substr(text.size() - suffix.size()) != suffix) {
    return false;
  }
  text.erase(text.size() - suffix.size());
  return true;
}

// The words of chroot isolation; those of runc and of crun.
bool says_not_started(const std::string& text) {
  if (text.find("process failed to start with error:") != std::string::npos) return true;
  return text.find("creating container for [") != std::string::npos &&
         (text.find("unable to start container process: exec:") != std::string::npos ||
          text.find("executable file `") != std::string::npos);
}

// A container's limits are set when it is made: `run` has no flag for them.
std::vector<std::string> limits_of(const std::vector<std::string>& build_flags) {
  std::vector<std::string> limits;
  for (std::size_t i = 0; i + 1 < build_flags.size(); ++i) {
    if (build_flags[i] == "--ulimit") append(limits, {"--ulimit", build_flags[i + 1]});
  }
  return limits;
}

}  // namespace

Command buildah_from_command(const Endpoint& endpoint, const std::string& image,
                             const std::string& name) {
  Command command = plain_command(endpoint, {"from", "--pull-never"});
  append(command.argv, limits_of(endpoint.build_flags));
  append(command.argv, {"--name", name, image});
  return command;
}

std::vector<std::string> container_argv(const RunRequest& request, const oci::ImageConfig& config) {
  std::vector<std::string> argv = request.entrypoint.value_or(config.entrypoint);
  if (!request.command.empty()) {
    append(argv, request.command);
  } else if (!request.entrypoint) {
    // An entrypoint of one's own drops the image's CMD.
    append(argv, config.cmd);
  }
  return argv;
}

Command buildah_run_command(const Endpoint& endpoint, const RunRequest& request,
                            const std::vector<std::string>& argv) {
  Command command = plain_command(endpoint, {"run"});
  std::vector<std::string>& words = command.argv;
  append(words, request.network.empty() ? endpoint.run_flags : without_network(endpoint.run_flags));
  for (const auto& [name, value] : request.environment)
    append(words, {"--env", name + "=" + value});
  if (!request.user.empty()) append(words, {"--user", request.user});
  if (!request.working_dir.empty()) append(words, {"--workingdir", request.working_dir});
  if (!request.network.empty()) append(words, {"--network", request.network});
  if (request.tty) words.emplace_back("--terminal");
  append(words, request.flags);
  append(words, {request.name, "--"});
  append(words, argv);
  command.input = request.input;
  return command;
}

void clean_buildah_result(RunResult& result) {
  if (result.exit_status == 0) return;
  const std::string status = std::to_string(result.exit_status);
  take_suffix(result.err, "Error: exit status " + status + "\n");
  take_suffix(result.err, "Error: while running runtime: exit status " + status + "\n");
  while (take_suffix(result.err, "subprocess exited with status " + status + "\n")) {
  }
  if (says_not_started(result.err)) result.exit_status = 127;
}

}  // namespace cairn::engine
