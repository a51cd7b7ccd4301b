// SPDX-License-Identifier: BSD-3-Clause
#include "engine/buildah_engine.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "engine/buildah_commands.hpp"
#include "engine/child.hpp"
#include "engine/cli.hpp"
#include "engine/container_removal.hpp"
#include "engine/health.hpp"
#include "engine/image_json.hpp"
#include "engine/image_stream.hpp"
#include "engine/run_commands.hpp"
#include "engine/storage_engine.hpp"
#include "oci/manifest.hpp"

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace cairn::engine {
namespace {

// Where buildah itself keeps what is too big for /tmp (containers-storage.conf(5)).
std::filesystem::path folder_for_images() {
  const char* chosen = std::getenv("TMPDIR");
  return chosen != nullptr && *chosen != '\0' ? chosen : "/var/tmp";
}

/// A working container (`buildah from`), removed when the object or our process goes.
class WorkingContainer {
 public:
  WorkingContainer(const Endpoint& endpoint, const RunRequest& request,
                   const oci::ImageConfig& config)
      : removal_(endpoint, request.name) {
    // `buildah from` runs ONBUILD triggers, against its working folder: an empty one, so that
    // nothing gets in. Their failing leaves the container as it is wanted here.
    const TempDir empty("cairn-from-");
    Command command = buildah_from_command(endpoint, request.image, request.name);
    command.directory = empty.path();
    const ProcessResult result = run_cli(endpoint, command);
    const bool made =
        result.exit_status == 0 ||
        (!config.on_build.empty() &&
         run_cleanup(plain_command(endpoint, {"inspect", "--type", "container", request.name})));
    if (!made) throw_refused(endpoint, "make a container of '" + request.image + "'", result);
  }

 private:
  const ContainerRemoval removal_;
};

/// An open file that is closed when the object goes.
class OutputFile {
 public:
  explicit OutputFile(const std::filesystem::path& path)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (fd_ < 0) throw_errno("writing", path);
  }
  ~OutputFile() { ::close(fd_); }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

/// A service under buildah alone (rule 23): one `buildah run` in a process group of its own,
/// which is ended with the object.
class BuildahContainer : public Container {
 public:
  BuildahContainer(const Endpoint& endpoint, const RunRequest& request,
                   const oci::ImageConfig& config)
      : endpoint_(endpoint),
        request_(on_host_network(request)),
        working_(endpoint, request, config),
        files_("cairn-start-"),
        health_(
            config, [] { return std::chrono::steady_clock::now(); },
            [this](const std::vector<std::string>& argv, std::chrono::milliseconds limit) {
              const RunResult result = exec(argv, limit);
              return result.exit_status == 0 && !result.timed_out;
            }) {
    const OutputFile log(log_path());
    child_ = std::make_unique<Child>(
        buildah_run_command(endpoint, request_, container_argv(request_, config)),
        Child::Files{-1, log.fd(), log.fd()}, true);
  }
  ~BuildahContainer() override {
    if (child_) child_->end(std::chrono::seconds(1));
  }

  const std::string& id() const override { return request_.name; }
  bool running() override { return child_->running(); }
  int exit_status() override { return child_->running() ? 0 : child_->exit_status(); }

  std::string address(int container_port) override {
    return "127.0.0.1:" + std::to_string(container_port);
  }

  Health health() override {
    if (!running()) return Health::unhealthy;
    return health_.ask();
  }

  RunResult exec(const std::vector<std::string>& argv,
                 std::optional<std::chrono::milliseconds> time_limit) override {
    if (!running()) {
      throw Error("buildah refused to run a command in the container '" + request_.name +
                  "': it has ended");
    }
    RunRequest request = request_;
    request.input.clear();
    request.tty = false;
    RunOptions options;
    options.time_limit = time_limit;
    options.cleans_up_containers = true;
    RunResult result =
        to_run_result(run_cli(endpoint_, buildah_run_command(endpoint_, request, argv), options));
    clean_buildah_result(result);
    return result;
  }

  std::string logs() override { return read_file(log_path()); }

  void stop(std::chrono::seconds grace) override { child_->end(grace); }

 private:
  // Ports are not published, so a service must stand on this machine's own network.
  static RunRequest on_host_network(RunRequest request) {
    if (request.network.empty()) request.network = "host";
    return request;
  }
  std::filesystem::path log_path() const { return files_.path() / "log"; }

  const Endpoint endpoint_;
  const RunRequest request_;
  WorkingContainer working_;
  TempDir files_;
  HealthByExec health_;
  std::unique_ptr<Child> child_;
};

class BuildahEngine : public StorageEngine {
 public:
  explicit BuildahEngine(const Endpoint& endpoint) : StorageEngine(endpoint) {}

  std::string identity() override { return string_or(info().at("store"), "GraphRoot", ""); }

  oci::Platform native_platform() override {
    const Json host = info().at("host");
    const std::string variant = string_or(host, "variant", "");
    return oci::Platform::parse(string_or(host, "os", "linux") + "/" + string_or(host, "arch", "") +
                                (variant.empty() ? "" : "/" + variant));
  }

  // buildah 1.28 reads the storage without a lock: while another build writes or removes an image,
  // it may know of it and not find its files.
  std::vector<ListedImage> list() override {
    constexpr int kMostTries = 5;
    for (int tries = 1;; ++tries) {
      try {
        return buildah_list(ask({"images", "--json", "--no-trunc"}, "list its images"));
      } catch (const Error& error) {
        const bool may_pass =
            std::string_view(error.what()).find("locating item named") != std::string_view::npos;
        if (!may_pass || tries == kMostTries) throw;
      }
      sleep_for(std::chrono::milliseconds(100));
    }
  }

  std::optional<ImageInfo> inspect(const std::string& reference) override {
    std::optional<ImageInfo> image = look(reference);
    if (!image) return std::nullopt;
    for (const ListedImage& listed : list()) {
      if (listed.id != image->id) continue;
      image->names = listed.names;
      image->size = listed.size;
    }
    return image;
  }

  void save(const std::string& id, const ByteTaker& taker) override {
    // In the other form the config is written anew.
    if (require_image(id).config_media_type == oci::kOciConfig) return save_oci(id, taker);
    pipe_out_of(endpoint(),
                plain_command(endpoint(), {"push", "--quiet", id, "docker-archive:/dev/stdout"}),
                "save '" + id + "'", taker);
  }

  // buildah reads archives from files alone.
  std::string load(ArchiveForm form,
                   const std::function<void(const OutputSink&)>& produce) override {
    const TempDir folder("cairn-load-", folder_for_images());
    const std::string file = folder.path() / "image.tar";
    {
      std::ofstream out(file, std::ios::binary);
      produce([&](std::string_view bytes) {
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!out) throw_errno("writing", file);
      });
      out.close();
      if (!out) throw_errno("writing", file);
    }
    const std::string transport = form == ArchiveForm::oci ? "oci-archive:" : "docker-archive:";
    return loaded_id(require_cli(endpoint(),
                                 plain_command(endpoint(), {"pull", "--quiet", transport + file}),
                                 "load an image"));
  }

  RunResult run(const RunRequest& request) override {
    const ImageInfo image = require_image(request.image);
    const WorkingContainer working(endpoint(), request, image.config);
    RunOptions options;
    options.time_limit = request.time_limit;
    options.cleans_up_containers = true;
    RunResult result = to_run_result(run_cli(
        endpoint(), buildah_run_command(endpoint(), request, container_argv(request, image.config)),
        options));
    if (result.exit_status == 125 && !result.timed_out &&
        result.err.find("subprocess exited") == std::string::npos) {
      throw Error("buildah refused to run '" + request.image + "': " + engines_word(result.err));
    }
    clean_buildah_result(result);
    return result;
  }

  std::unique_ptr<Container> start(const RunRequest& request) override {
    const ImageInfo image = require_image(request.image);
    return std::make_unique<BuildahContainer>(endpoint(), request, image.config);
  }

  Command shell_command(const std::string& image, const std::string& name) override {
    // buildah has no one-step run: the container is made, used and removed by one shell.
    const std::string from = shell_quote(buildah_from_command(endpoint(), image, name).argv);
    RunRequest request;
    request.name = name;
    request.tty = true;
    const std::string run =
        shell_quote(buildah_run_command(
                        endpoint(), request,
                        {"/bin/sh", "-c", "command -v bash >/dev/null 2>&1 && exec bash; exec sh"})
                        .argv);
    const std::string remove = shell_quote(plain_command(endpoint(), {"rm", name}).argv);
    Command command;
    command.argv = {"/bin/sh", "-c",
                    from + " >/dev/null || exit; trap '' INT; " + run + "; status=$?; " + remove +
                        " >/dev/null; exit $status"};
    return command;
  }

 private:
  Json info() { return ask({"info"}, "say who it is"); }

  // buildah writes an oci-archive to files alone.
  void save_oci(const std::string& id, const ByteTaker& taker) {
    const TempDir folder("cairn-save-", folder_for_images());
    const std::string file = folder.path() / "image.tar";
    require_cli(endpoint(),
                plain_command(endpoint(),
                              {"push", "--quiet", "--format", "oci", id, "oci-archive:" + file}),
                "save '" + id + "'");
    std::ifstream in(file, std::ios::binary);
    std::vector<char> buffer(std::size_t{256} * 1024);
    while (in) {
      check_interrupted();
      in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
      const auto got = static_cast<std::size_t>(in.gcount());
      if (got > 0 && !taker({buffer.data(), got})) return;
    }
    if (!in.eof()) throw_errno("reading", file);
  }

  std::optional<ImageInfo> look(const std::string& reference) {
    const std::optional<Json> image = describe({"inspect", "--type", "image"}, reference);
    if (!image) return std::nullopt;
    return buildah_image(*image);
  }

  ImageInfo require_image(const std::string& reference) {
    std::optional<ImageInfo> image = look(reference);
    if (!image) throw Error("buildah has no image '" + reference + "'");
    return std::move(*image);
  }

  std::vector<std::string> images_in_use() override {
    std::vector<std::string> images;
    for (const Json& container : ask({"containers", "--all", "--json"}, "list its containers"))
      images.push_back(full_id(container.value("imageid", "")));
    return images;
  }
};

}  // namespace

std::unique_ptr<Engine> open_buildah(const Endpoint& endpoint) {
  return std::make_unique<BuildahEngine>(endpoint);
}

}  // namespace cairn::engine
