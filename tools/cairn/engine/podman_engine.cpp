// SPDX-License-Identifier: BSD-3-Clause
#include "engine/podman_engine.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "engine/capabilities.hpp"
#include "engine/child.hpp"
#include "engine/cli.hpp"
#include "engine/health.hpp"
#include "engine/image_json.hpp"
#include "engine/podman_commands.hpp"
#include "engine/run_commands.hpp"
#include "engine/storage.hpp"

namespace cairn::engine {
namespace {

bool is_unknown_image(const ProcessResult& result) {
  return result.err.find("image not known") != std::string::npos ||
         result.err.find("no such image") != std::string::npos;
}

/// Removes a container by name when it goes; see ContainerGuard of docker.
class ContainerGuard {
 public:
  ContainerGuard(const Endpoint& endpoint, std::string name)
      : command_(podman_remove_container_command(endpoint, name)) {}
  ~ContainerGuard() {
    if (!command_.argv.empty()) run_cleanup(command_);
  }
  /// The container is gone already, or never was ours.
  void dismiss() { command_.argv.clear(); }
  ContainerGuard(const ContainerGuard&) = delete;
  ContainerGuard& operator=(const ContainerGuard&) = delete;

 private:
  Command command_;
};

class PodmanContainer : public Container {
 public:
  PodmanContainer(const Endpoint& endpoint, const RunRequest& request,
                  const oci::ImageConfig& config)
      : endpoint_(endpoint),
        guard_(endpoint, request.name),
        name_(request.name),
        health_(
            config, [] { return std::chrono::steady_clock::now(); },
            [this](const std::vector<std::string>& argv, std::chrono::milliseconds limit) {
              const RunResult result = exec(argv, limit);
              return result.exit_status == 0 && !result.timed_out;
            }) {
    const TempDir files("cairn-run-");
    const std::filesystem::path id_file = files.path() / "id";
    const ProcessResult result = run_cli(endpoint_, start_command(endpoint_, request, id_file));
    if (result.exit_status != 0) {
      if (!read_file_if_present(id_file)) guard_.dismiss();
      throw_refused(endpoint_, "start '" + request.image + "'", result);
    }
    id_ = trim(result.out);
  }

  const std::string& id() const override { return id_; }

  bool running() override { return look().at("State").value("Running", false); }

  int exit_status() override { return look().at("State").value("ExitCode", 0); }

  std::string address(int container_port) override {
    const Json container = look();
    if (container.at("HostConfig").value("NetworkMode", "") == "host") {
      return "127.0.0.1:" + std::to_string(container_port);
    }
    const Json ports = container.at("NetworkSettings").value("Ports", Json::object());
    const std::string key = std::to_string(container_port) + "/tcp";
    if (!ports.is_object() || !ports.contains(key) || !ports[key].is_array() ||
        ports[key].empty()) {
      throw Error("port " + std::to_string(container_port) + " of the container '" + name_ +
                  "' is not published");
    }
    return "127.0.0.1:" + string_or(ports[key][0], "HostPort", "");
  }

  Health health() override {
    if (!running()) return Health::unhealthy;
    return health_.ask();
  }

  RunResult exec(const std::vector<std::string>& argv,
                 std::optional<std::chrono::milliseconds> time_limit) override {
    RunOptions options;
    options.time_limit = time_limit;
    ProcessResult result = run_cli(endpoint_, exec_command(endpoint_, name_, argv), options);
    if ((result.exit_status == 125 || result.exit_status == 255) && !running()) {
      throw_refused(endpoint_, "run a command in the container '" + name_ + "'", result);
    }
    return to_run_result(std::move(result));
  }

  std::string logs() override {
    std::string text;
    RunOptions options;
    options.on_output = [&](Stream, std::string_view piece) { text.append(piece); };
    run_cli(endpoint_, plain_command(endpoint_, {"logs", name_}), options);
    return text;
  }

  void stop(std::chrono::seconds grace) override {
    require_cli(endpoint_,
                plain_command(endpoint_, {"stop", "--time", std::to_string(grace.count()), name_}),
                "stop the container '" + name_ + "'");
  }

 private:
  Json look() {
    const std::string text =
        require_cli(endpoint_, plain_command(endpoint_, {"container", "inspect", name_}),
                    "inspect the container '" + name_ + "'");
    return Json::parse(text).at(0);
  }

  const Endpoint endpoint_;
  ContainerGuard guard_;
  std::string name_;
  std::string id_;
  HealthByExec health_;
};

class PodmanEngine : public Engine {
 public:
  explicit PodmanEngine(const Endpoint& endpoint)
      : endpoint_(endpoint), capabilities_(capabilities_of("podman", endpoint.builder, "")) {}

  const Endpoint& endpoint() const override { return endpoint_; }
  const Capabilities& capabilities() const override { return capabilities_; }

  std::string identity() override { return string_or(info().at("store"), "graphRoot", ""); }

  oci::Platform native_platform() override {
    const Json host = info().at("host");
    return oci::Platform::parse(string_or(host, "os", "linux") + "/" + string_or(host, "arch", ""));
  }

  std::vector<ListedImage> list() override {
    return podman_list(ask({"images", "--format", "json"}, "list its images"));
  }

  std::optional<ImageInfo> inspect(const std::string& reference) override {
    const ProcessResult result =
        run_cli(endpoint_, plain_command(endpoint_, {"image", "inspect", reference}));
    if (result.exit_status != 0) {
      if (is_unknown_image(result)) return std::nullopt;
      throw_refused(endpoint_, "inspect '" + reference + "'", result);
    }
    const Json image = Json::parse(result.out).at(0);
    return podman_image(image, config_of(string_or(image, "Id", "")));
  }

  void tag(const std::string& id, const std::string& name) override {
    ask_nothing({"tag", id, name}, "tag '" + id + "' as '" + name + "'");
  }

  void untag(const std::string& name) override {
    const ProcessResult result = run_cli(endpoint_, plain_command(endpoint_, {"rmi", name}));
    if (result.exit_status == 0 || is_unknown_image(result)) return;
    throw_refused(endpoint_, "untag '" + name + "'", result);
  }

  bool remove(const std::string& id) override {
    const std::optional<ImageInfo> image = inspect(id);
    if (!image || is_used(image->id)) return false;
    std::vector<std::string> words{"rmi"};
    append(words, image->names);
    if (image->names.empty()) words.push_back(id);
    const ProcessResult result = run_cli(endpoint_, plain_command(endpoint_, words));
    if (result.exit_status != 0 && result.exit_status != 2 && !is_unknown_image(result)) {
      throw_refused(endpoint_, "remove '" + id + "'", result);
    }
    return result.exit_status == 0;
  }

  void pull(const std::string& reference, const oci::Platform& platform,
            const OutputSink& sink) override {
    stream_cli(endpoint_, podman_pull_command(endpoint_, reference, platform),
               "pull '" + reference + "'", sink);
  }

  std::string build(const BuildRequest& request, const OutputSink& sink,
                    const std::function<void()>& on_tick) override {
    const TempDir outputs("cairn-build-");
    const std::filesystem::path id_file = outputs.path() / "id";
    stream_cli(endpoint_, podman_build_command(endpoint_, request, id_file),
               "build '" + request.dockerfile + "'", sink, on_tick);
    return full_id(trim(read_file(id_file)));
  }

  RunResult run(const RunRequest& request) override {
    const TempDir files("cairn-run-");
    const std::filesystem::path id_file = files.path() / "id";
    ContainerGuard guard(endpoint_, request.name);
    RunOptions options;
    options.time_limit = request.time_limit;
    ProcessResult result = run_cli(endpoint_, run_command(endpoint_, request, id_file), options);
    const bool created = read_file_if_present(id_file).has_value();
    // --rm has removed it, but for a command line that was killed.
    if (!result.timed_out && (!created || result.exit_status < 125)) guard.dismiss();
    if (result.exit_status == 125 && !result.timed_out && !created) {
      throw_refused(endpoint_, "run '" + request.image + "'", result);
    }
    return to_run_result(std::move(result));
  }

  std::unique_ptr<Container> start(const RunRequest& request) override {
    const std::optional<ImageInfo> image = inspect(request.image);
    if (!image) throw Error("podman has no image '" + request.image + "'");
    return std::make_unique<PodmanContainer>(endpoint_, request, image->config);
  }

  Command shell_command(const std::string& image, const std::string& name) override {
    return interactive_command(endpoint_, image, name);
  }

 private:
  Json ask(const std::vector<std::string>& words, const std::string& doing) {
    const std::string text = require_cli(endpoint_, plain_command(endpoint_, words), doing);
    Json answer = Json::parse(text, nullptr, false);
    if (answer.is_discarded()) throw Error("podman's answer to " + doing + " is no JSON");
    return answer;
  }

  void ask_nothing(const std::vector<std::string>& words, const std::string& doing) {
    require_cli(endpoint_, plain_command(endpoint_, words), doing);
  }

  Json info() { return ask({"info", "--format", "json"}, "say who it is"); }

  bool is_used(const std::string& id) {
    const Json containers =
        ask({"ps", "--all", "--external", "--format", "json"}, "list its containers");
    for (const Json& container : containers) {
      if (full_id(container.value("ImageID", "")) == id) return true;
    }
    return false;
  }

  // `podman image inspect` leaves SHELL and ONBUILD out.
  Json config_of(const std::string& id) {
    if (graph_root_.empty()) graph_root_ = graph_root_of(endpoint_);
    if (graph_root_.empty()) graph_root_ = identity();
    if (const auto config = stored_config(graph_root_, id)) return *config;
    const TempDir saved("cairn-config-");
    const std::string folder = saved.path() / "image";
    ask_nothing({"image", "save", "--format", "docker-dir", "--output", folder, id},
                "show the config of '" + id + "'");
    return read_json(folder + "/" + id.substr(id.find(':') + 1));
  }

  const Endpoint endpoint_;
  const Capabilities capabilities_;
  std::string graph_root_;
};

}  // namespace

std::unique_ptr<Engine> open_podman(const Endpoint& endpoint) {
  return std::make_unique<PodmanEngine>(endpoint);
}

}  // namespace cairn::engine
