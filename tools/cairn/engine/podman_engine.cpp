// SPDX-License-Identifier: BSD-3-Clause
#include "engine/podman_engine.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "engine/child.hpp"
#include "engine/cli.hpp"
#include "engine/cli_container.hpp"
#include "engine/container_removal.hpp"
#include "engine/health.hpp"
#include "engine/image_json.hpp"
#include "engine/image_stream.hpp"
#include "engine/podman_commands.hpp"
#include "engine/run_commands.hpp"
#include "engine/storage.hpp"
#include "engine/storage_engine.hpp"
#include "oci/manifest.hpp"

namespace cairn::engine {
namespace {

class PodmanContainer : public CliContainer {
 public:
  PodmanContainer(const Endpoint& endpoint, const RunRequest& request,
                  const oci::ImageConfig& config)
      : CliContainer(endpoint, request.name),
        removal_(endpoint, request.name),
        health_(
            config, [] { return std::chrono::steady_clock::now(); },
            [this](const std::vector<std::string>& argv, std::chrono::milliseconds limit) {
              const RunResult result = exec(argv, limit);
              return result.exit_status == 0 && !result.timed_out;
            }) {
    start(request, [this](bool made) {
      if (!made) removal_.dismiss();
    });
  }

  Health health() override {
    if (!running()) return Health::unhealthy;
    return health_.ask();
  }

  void stop(std::chrono::seconds grace) override {
    const std::string seconds = std::to_string(grace.count());
    require_cli(endpoint(), plain_command(endpoint(), {"stop", "--time", seconds, name()}),
                "stop the container '" + name() + "'");
  }

 private:
  Json look() override {
    const std::string text =
        require_cli(endpoint(), plain_command(endpoint(), {"container", "inspect", name()}),
                    "inspect the container '" + name() + "'");
    return Json::parse(text).at(0);
  }

  bool may_be_refusal(const ProcessResult& result) const override {
    return result.exit_status == 125 || result.exit_status == 255;
  }

  ContainerRemoval removal_;
  HealthByExec health_;
};

class PodmanEngine : public StorageEngine {
 public:
  explicit PodmanEngine(const Endpoint& endpoint) : StorageEngine(endpoint) {}

  std::string identity() override { return string_or(info().at("store"), "graphRoot", ""); }

  oci::Platform native_platform() override {
    const Json host = info().at("host");
    return oci::Platform::parse(string_or(host, "os", "linux") + "/" + string_or(host, "arch", ""));
  }

  std::vector<ListedImage> list() override {
    return podman_list(ask({"images", "--format", "json"}, "list its images"));
  }

  std::optional<ImageInfo> inspect(const std::string& reference) override {
    const std::optional<Json> images = describe({"image", "inspect"}, reference);
    if (!images) return std::nullopt;
    const Json& image = images->at(0);
    return podman_image(image, config_of(string_or(image, "Id", "")));
  }

  void save(const std::string& id, const ByteTaker& taker) override {
    const std::optional<Json> images = describe({"image", "inspect"}, id);
    // In the other form the config is written anew.
    const bool is_oci = images && string_or(images->at(0), "ManifestType", "") == oci::kOciManifest;
    std::vector<std::string> words{"save", "--quiet", "--format",
                                   is_oci ? "oci-archive" : "docker-archive"};
    if (is_oci) words.emplace_back("--uncompressed");
    words.push_back(id);
    pipe_out_of(endpoint(), plain_command(endpoint(), words), "save '" + id + "'", taker);
  }

  // podman looks itself for what it can read.
  std::string load(ArchiveForm, const std::function<void(const OutputSink&)>& produce) override {
    return loaded_id(pipe_into(endpoint(), plain_command(endpoint(), {"load", "--quiet"}),
                               "load an image", produce));
  }

  RunResult run(const RunRequest& request) override {
    const TempDir files("cairn-run-");
    const std::filesystem::path id_file = files.path() / "id";
    ContainerRemoval removal(endpoint(), request.name);
    RunOptions options;
    options.time_limit = request.time_limit;
    ProcessResult result = run_cli(endpoint(), run_command(endpoint(), request, id_file), options);
    const bool created = read_file_if_present(id_file).has_value();
    // --rm has removed it, but for a command line that was killed.
    if (!result.timed_out && (!created || result.exit_status < 125)) removal.dismiss();
    if (result.exit_status == 125 && !result.timed_out && !created) {
      throw_refused(endpoint(), "run '" + request.image + "'", result);
    }
    return to_run_result(std::move(result));
  }

  std::unique_ptr<Container> start(const RunRequest& request) override {
    const std::optional<ImageInfo> image = inspect(request.image);
    if (!image) throw Error("podman has no image '" + request.image + "'");
    return std::make_unique<PodmanContainer>(endpoint(), request, image->config);
  }

  Command shell_command(const std::string& image, const std::string& name) override {
    return interactive_command(endpoint(), image, name);
  }

 private:
  Json info() { return ask({"info", "--format", "json"}, "say who it is"); }

  std::vector<std::string> images_in_use() override {
    std::vector<std::string> images;
    for (const Json& container :
         ask({"ps", "--all", "--external", "--format", "json"}, "list its containers")) {
      images.push_back(full_id(container.value("ImageID", "")));
    }
    return images;
  }

  // `podman image inspect` leaves SHELL and ONBUILD out.
  Json config_of(const std::string& id) {
    if (graph_root_.empty()) graph_root_ = graph_root_of(endpoint());
    if (graph_root_.empty()) graph_root_ = identity();
    if (const auto config = stored_config(graph_root_, id)) return *config;
    const TempDir saved("cairn-config-");
    const std::string folder = saved.path() / "image";
    require_cli(endpoint(),
                plain_command(endpoint(),
                              {"image", "save", "--format", "docker-dir", "--output", folder, id}),
                "show the config of '" + id + "'");
    return read_json(folder + "/" + id.substr(id.find(':') + 1));
  }

  std::string graph_root_;
};

}  // namespace

std::unique_ptr<Engine> open_podman(const Endpoint& endpoint) {
  return std::make_unique<PodmanEngine>(endpoint);
}

}  // namespace cairn::engine
