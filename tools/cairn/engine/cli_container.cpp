// SPDX-License-Identifier: BSD-3-Clause
#include "engine/cli_container.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "engine/cli.hpp"
#include "engine/run_commands.hpp"

namespace cairn::engine {
namespace {

/// The machine at which an endpoint's published ports are reached.
std::string port_host(const Endpoint& endpoint) {
  const std::size_t scheme = endpoint.url.find("://");
  if (scheme == std::string::npos || endpoint.url.rfind("unix://", 0) == 0) return "127.0.0.1";
  std::string host = endpoint.url.substr(scheme + 3);
  host = host.substr(0, host.find('/'));
  if (const std::size_t at = host.find('@'); at != std::string::npos) host.erase(0, at + 1);
  return host.substr(0, host.rfind(':'));
}

}  // namespace

CliContainer::CliContainer(const Endpoint& endpoint, std::string name)
    : endpoint_(endpoint), name_(std::move(name)) {}

void CliContainer::start(const RunRequest& request, const std::function<void(bool made)>& ended) {
  const TempDir files("cairn-run-");
  const std::filesystem::path id_file = files.path() / "id";
  const ProcessResult result = run_cli(endpoint_, start_command(endpoint_, request, id_file));
  ended(result.exit_status == 0 || read_file_if_present(id_file).has_value());
  if (result.exit_status != 0) throw_refused(endpoint_, "start '" + request.image + "'", result);
  id_ = trim(result.out);
}

bool CliContainer::running() {
  return state().value("Running", false);
}

int CliContainer::exit_status() {
  return state().value("ExitCode", 0);
}

std::string CliContainer::address(int container_port) {
  const Json container = look();
  const std::string port = std::to_string(container_port);
  if (container.at("HostConfig").value("NetworkMode", "") == "host") {
    return port_host(endpoint_) + ":" + port;
  }
  // Without any published port podman says null.
  const Json ports = container.at("NetworkSettings").value("Ports", Json::object());
  const Json bound = ports.is_object() ? ports.value(port + "/tcp", Json()) : Json();
  if (!bound.is_array() || bound.empty()) {
    throw Error("port " + port + " of the container '" + name_ + "' is not published");
  }
  return port_host(endpoint_) + ":" + string_or(bound[0], "HostPort", "");
}

RunResult CliContainer::exec(const std::vector<std::string>& argv,
                             std::optional<std::chrono::milliseconds> time_limit) {
  RunOptions options;
  options.time_limit = time_limit;
  ProcessResult result = run_cli(endpoint_, exec_command(endpoint_, name_, argv), options);
  if (result.exit_status != 0 && may_be_refusal(result) && !running()) {
    throw_refused(endpoint_, "run a command in the container '" + name_ + "'", result);
  }
  return to_run_result(std::move(result));
}

std::string CliContainer::logs() {
  std::string text;
  RunOptions options;
  options.on_output = [&](Stream, std::string_view piece) { text.append(piece); };
  run_cli(endpoint_, logs_command(endpoint_, name_), options);
  return text;
}

}  // namespace cairn::engine
