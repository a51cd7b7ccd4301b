// SPDX-License-Identifier: BSD-3-Clause
#include "engine/docker_engine.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "engine/capabilities.hpp"
#include "engine/cli.hpp"
#include "engine/docker_api.hpp"
#include "engine/docker_commands.hpp"
#include "engine/image_json.hpp"
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

/// Removes a container by name when it goes. The command line may be gone by then: killed by a
/// time limit or an interrupt, it leaves its container running, or not even made yet.
class ContainerGuard {
 public:
  ContainerGuard(DockerApi& api, std::string name) : api_(api), name_(std::move(name)) {}
  ~ContainerGuard() {
    if (name_.empty()) return;
    try {
      const auto removed = [&] { return api_.remove_container(name_); };
      // The daemon makes what it was asked for, also when nobody waits for it any more.
      poll_until(removed, killed_ ? std::chrono::seconds(10) : std::chrono::seconds(0));
    } catch (const std::exception&) {
      // The engine is gone, and so is what could be done about its container.
    }
  }
  /// The command line ended by itself: there is a container now or there never will be.
  void settle() { killed_ = false; }
  /// The name turned out to be another container's.
  void dismiss() { name_.clear(); }
  ContainerGuard(const ContainerGuard&) = delete;
  ContainerGuard& operator=(const ContainerGuard&) = delete;

 private:
  DockerApi& api_;
  std::string name_;
  bool killed_ = true;
};

bool is_daemons_refusal(const std::string& text) {
  return text.find("Error response from daemon:") != std::string::npos;
}

class DockerContainer : public Container {
 public:
  DockerContainer(const Endpoint& endpoint, const RunRequest& request)
      : endpoint_(endpoint), api_(endpoint), guard_(api_, request.name), name_(request.name) {
    const TempDir files("cairn-run-");
    const std::filesystem::path id_file = files.path() / "id";
    const ProcessResult result = run_cli(endpoint_, start_command(endpoint_, request, id_file));
    guard_.settle();
    if (result.exit_status != 0) {
      if (!read_file_if_present(id_file)) guard_.dismiss();
      throw_refused(endpoint_, "start '" + request.image + "'", result);
    }
    id_ = trim(result.out);
  }

  const std::string& id() const override { return id_; }

  bool running() override { return state().value("Running", false); }

  int exit_status() override { return state().value("ExitCode", 0); }

  std::string address(int container_port) override {
    const Json container = look();
    if (container.at("HostConfig").value("NetworkMode", "") == "host") {
      return port_host(endpoint_) + ":" + std::to_string(container_port);
    }
    const Json& ports = container.at("NetworkSettings").at("Ports");
    const auto bound = ports.find(std::to_string(container_port) + "/tcp");
    if (bound == ports.end() || !bound->is_array() || bound->empty()) {
      throw Error("port " + std::to_string(container_port) + " of the container '" + name_ +
                  "' is not published");
    }
    return port_host(endpoint_) + ":" + string_or((*bound)[0], "HostPort", "");
  }

  Health health() override {
    const Json now = state();
    const auto health = now.find("Health");
    if (health == now.end() || !health->is_object()) return Health::none;
    const std::string status = string_or(*health, "Status", "none");
    if (status == "healthy") return Health::healthy;
    if (status == "unhealthy") return Health::unhealthy;
    return status == "starting" ? Health::starting : Health::none;
  }

  RunResult exec(const std::vector<std::string>& argv,
                 std::optional<std::chrono::milliseconds> time_limit) override {
    RunOptions options;
    options.time_limit = time_limit;
    ProcessResult result = run_cli(endpoint_, exec_command(endpoint_, name_, argv), options);
    if (result.exit_status != 0 && is_daemons_refusal(result.err) && !running()) {
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

  void stop(std::chrono::seconds grace) override { api_.stop_container(name_, grace); }

 private:
  Json look() {
    const std::optional<Json> container = api_.container(name_);
    if (!container) throw Error("the container '" + name_ + "' is gone");
    return *container;
  }
  Json state() { return look().at("State"); }

  const Endpoint endpoint_;
  DockerApi api_;
  ContainerGuard guard_;
  std::string name_;
  std::string id_;
};

class DockerEngine : public Engine {
 public:
  explicit DockerEngine(const Endpoint& endpoint)
      : endpoint_(endpoint),
        capabilities_(capabilities_of(endpoint.kind, endpoint.builder, "")),
        api_(endpoint) {
    capabilities_.socket = endpoint.url.rfind("unix://", 0) == 0;
  }

  const Endpoint& endpoint() const override { return endpoint_; }
  const Capabilities& capabilities() const override { return capabilities_; }

  std::string identity() override {
    info_ = api_.info();
    return string_or(*info_, "ID", "") + " " + string_or(*info_, "DockerRootDir", "");
  }

  oci::Platform native_platform() override {
    // A daemon takes 10 ms and more to say who it is, and its platform does not change.
    if (!info_) info_ = api_.info();
    return oci::Platform::parse(string_or(*info_, "OSType", "linux") + "/" +
                                string_or(*info_, "Architecture", ""));
  }

  std::vector<ListedImage> list() override { return api_.list(); }

  std::optional<ImageInfo> inspect(const std::string& reference) override {
    const std::optional<Json> image = api_.image(reference);
    if (!image) return std::nullopt;
    ImageInfo info = docker_image(*image);
    if (is_in_containerd_store(*image)) info.config_digest = config_digest(*image, info.id);
    return info;
  }

  void tag(const std::string& id, const std::string& name) override { api_.tag(id, name); }
  void untag(const std::string& name) override { api_.untag(name); }
  bool remove(const std::string& id) override { return api_.remove(id); }

  void pull(const std::string& reference, const oci::Platform& platform,
            const OutputSink& sink) override {
    stream_cli(endpoint_, docker_pull_command(endpoint_, reference, platform),
               "pull '" + reference + "'", sink);
  }

  std::string build(const BuildRequest& request, const OutputSink& sink,
                    const std::function<void()>& on_tick) override {
    const TempDir outputs("cairn-build-");
    const BuildOutputs files{outputs.path() / "id", outputs.path() / "metadata"};
    try {
      stream_cli(endpoint_, docker_build_command(endpoint_, request, files),
                 "build '" + request.dockerfile + "'", sink, on_tick);
    } catch (const UnreachableError&) {
      throw;
    } catch (const Interrupted&) {
      throw;
    } catch (const Error&) {
      // A daemon that died says so in a hundred ways; one that answers has refused.
      api_.ping();
      throw;
    }
    return built_image(files);
  }

  RunResult run(const RunRequest& request) override {
    const TempDir files("cairn-run-");
    const std::filesystem::path id_file = files.path() / "id";
    ContainerGuard guard(api_, request.name);
    RunOptions options;
    options.time_limit = request.time_limit;
    ProcessResult result = run_cli(endpoint_, run_command(endpoint_, request, id_file), options);
    // 125 is the engine's own word, unless the container's program chose the same number.
    const bool created = read_file_if_present(id_file).has_value();
    const bool refused = result.exit_status == 125 && !result.timed_out &&
                         (!created || is_daemons_refusal(result.err));
    if (created || !result.timed_out) guard.settle();
    if (!created && !result.timed_out) guard.dismiss();
    if (refused) throw_refused(endpoint_, "run '" + request.image + "'", result);
    return to_run_result(std::move(result));
  }

  std::unique_ptr<Container> start(const RunRequest& request) override {
    return std::make_unique<DockerContainer>(endpoint_, request);
  }

  Command shell_command(const std::string& image, const std::string& name) override {
    return interactive_command(endpoint_, image, name);
  }

 private:
  std::string built_image(const BuildOutputs& files) {
    const std::string id = trim(read_file(files.id_file));
    if (api_.image(id)) return id;
    // A containerd store: the ID file names the config, the daemon knows images by manifest only.
    const std::optional<std::string> text = read_file_if_present(files.metadata_file);
    const Json metadata = Json::parse(text.value_or(""), nullptr, false);
    const std::string manifest =
        metadata.is_object() ? string_or(metadata, "containerimage.digest", "") : "";
    if (manifest.empty()) throw Error("docker does not know the image '" + id + "' it built");
    config_digests_[manifest] = id;
    return manifest;
  }

  bool is_in_containerd_store(const Json& image) {
    // Graph drivers say where the layers are; only for those that do not must we ask further.
    const auto driver = image.find("GraphDriver");
    if (driver != image.end() && driver->is_object() && driver->contains("Data") &&
        (*driver)["Data"].is_object()) {
      return false;
    }
    if (!containerd_store_) {
      const Json info = api_.info();
      containerd_store_ =
          info.value("DriverStatus", Json()).dump().find("io.containerd.snapshotter") !=
          std::string::npos;
    }
    return *containerd_store_;
  }

  std::string config_digest(const Json& image, const std::string& id) {
    std::string& digest = config_digests_[id];
    if (!digest.empty()) return digest;
    const auto descriptor = image.find("Descriptor");
    if (descriptor != image.end() && descriptor->contains("annotations")) {
      digest = string_or((*descriptor)["annotations"], "config.digest", "");
    }
    if (digest.empty()) digest = api_.config_digest_of(id);
    return digest;
  }

  const Endpoint endpoint_;
  Capabilities capabilities_;
  DockerApi api_;
  std::optional<Json> info_;  ///< what the daemon last said of itself
  std::optional<bool> containerd_store_;
  std::map<std::string, std::string> config_digests_;
};

}  // namespace

std::unique_ptr<Engine> open_docker(const Endpoint& endpoint) {
  return std::make_unique<DockerEngine>(endpoint);
}

}  // namespace cairn::engine
