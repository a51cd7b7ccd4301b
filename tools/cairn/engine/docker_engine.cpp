// SPDX-License-Identifier: BSD-3-Clause
#include "engine/docker_engine.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/lifeline.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "engine/capabilities.hpp"
#include "engine/cli.hpp"
#include "engine/cli_container.hpp"
#include "engine/docker_api.hpp"
#include "engine/docker_commands.hpp"
#include "engine/image_json.hpp"
#include "engine/image_stream.hpp"
#include "engine/legacy_recipe.hpp"
#include "engine/run_commands.hpp"

namespace cairn::engine {
namespace {

/// Removes a container by name when it or our process goes. The command line may be gone by then:
/// killed by a time limit or an interrupt, it leaves its container running, or not even made yet.
class ContainerGuard {
 public:
  ContainerGuard(const Endpoint& endpoint, DockerApi& api, std::string name)
      : api_(api),
        name_(std::move(name)),
        on_death_(std::in_place, remove_container_command(endpoint, name_)) {}
  ~ContainerGuard() {
    if (!on_death_) return;
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
  void dismiss() { on_death_.reset(); }
  ContainerGuard(const ContainerGuard&) = delete;
  ContainerGuard& operator=(const ContainerGuard&) = delete;

 private:
  DockerApi& api_;
  const std::string name_;
  bool killed_ = true;
  std::optional<RemovalOnDeath> on_death_;
};

bool is_daemons_refusal(const std::string& text) {
  return text.find("Error response from daemon:") != std::string::npos;
}

class DockerContainer : public CliContainer {
 public:
  DockerContainer(const Endpoint& endpoint, const RunRequest& request)
      : CliContainer(endpoint, request.name), api_(endpoint), guard_(endpoint, api_, request.name) {
    start(request, [this](bool made) {
      guard_.settle();
      if (!made) guard_.dismiss();
    });
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

  void stop(std::chrono::seconds grace) override { api_.stop_container(name(), grace); }

 private:
  Json look() override {
    const std::optional<Json> container = api_.container(name());
    if (!container) throw Error("the container '" + name() + "' is gone");
    return *container;
  }

  bool may_be_refusal(const ProcessResult& result) const override {
    return is_daemons_refusal(result.err);
  }

  DockerApi api_;
  ContainerGuard guard_;
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
    const std::string version = string_or(*info_, "ServerVersion", "");
    capabilities_ = capabilities_of(endpoint_.kind, endpoint_.builder, version);
    capabilities_.socket = endpoint_.url.rfind("unix://", 0) == 0;
    return string_or(*info_, "ID", "") + " " + string_or(*info_, "DockerRootDir", "");
  }

  oci::Platform native_platform() override {
    return oci::Platform::parse(string_or(known_info(), "OSType", "linux") + "/" +
                                string_or(known_info(), "Architecture", ""));
  }

  std::vector<ListedImage> list() override { return api_.list(); }

  std::optional<ImageInfo> inspect(const std::string& reference) override {
    const std::optional<Json> image = api_.image(reference);
    if (!image) return std::nullopt;
    ImageInfo info = docker_image(*image);
    if (is_in_containerd_store(*image)) {
      info.config_digest = config_digest(*image, info.id);
      info.config_media_type.clear();
    }
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
    std::optional<LegacyRecipe> recipe;
    BuildRequest asked = request;
    if (endpoint_.builder == "legacy") asked.dockerfile = recipe.emplace(request).path();
    RunOptions options;
    options.on_tick = on_tick;
    try {
      stream_cli(endpoint_, docker_build_command(endpoint_, asked, files),
                 "build '" + request.dockerfile + "'", sink, options);
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

  void save(const std::string& id, const ByteTaker& taker) override { api_.save(id, taker); }

  // docker looks itself for what it can read.
  std::string load(ArchiveForm, const std::function<void(const OutputSink&)>& produce) override {
    return loaded_id(pipe_into(endpoint_, plain_command(endpoint_, {"load", "--quiet"}),
                               "load an image", produce));
  }

  RunResult run(const RunRequest& request) override {
    const TempDir files("cairn-run-");
    const std::filesystem::path id_file = files.path() / "id";
    ContainerGuard guard(endpoint_, api_, request.name);
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
  // A daemon takes 10 ms and more to say who it is; its platform and store do not change.
  const Json& known_info() {
    if (!info_) info_ = api_.info();
    return *info_;
  }

  std::string built_image(const BuildOutputs& files) {
    const std::string id = trim(read_file(files.id_file));
    // Builders without metadata know graph drivers only, where the ID is the config's digest.
    const std::optional<std::string> text = read_file_if_present(files.metadata_file);
    if (!text || api_.image(id)) return id;
    // A containerd store: the ID file names the config, the daemon knows images by manifest only.
    const Json metadata = Json::parse(*text, nullptr, false);
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
    return known_info().value("DriverStatus", Json()).dump().find("io.containerd.snapshotter") !=
           std::string::npos;
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
  std::map<std::string, std::string> config_digests_;
};

}  // namespace

std::unique_ptr<Engine> open_docker(const Endpoint& endpoint) {
  return std::make_unique<DockerEngine>(endpoint);
}

}  // namespace cairn::engine
