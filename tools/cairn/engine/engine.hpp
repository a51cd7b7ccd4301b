// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/process.hpp"
#include "engine/build_request.hpp"
#include "engine/endpoint.hpp"
#include "engine/image_files.hpp"
#include "oci/image_config.hpp"
#include "oci/platform.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::engine {

/// One image as the engine lists it.
struct ListedImage {
  std::string id;                  ///< the engine's own ID, `sha256:…`
  std::vector<std::string> names;  ///< `quay.io/jupyter/base-notebook:latest`, fully qualified
  std::uint64_t size = 0;          ///< bytes
};

struct ImageInfo {
  std::string id;                 ///< what the engine calls it, `sha256:…`
  std::string config_digest;      ///< SHA-256 of the config; `id` but in a containerd store
  std::string config_media_type;  ///< docker's or OCI's; empty where the engine does not say
  std::vector<std::string> names;
  std::vector<std::string> repo_digests;
  std::uint64_t size = 0;  ///< bytes, as the engine counts
  std::string created;     ///< RFC 3339
  oci::ImageConfig config;
  std::vector<std::string> history;  ///< one text a step, bottom first; podman's and buildah's
};

/// Every piece of an engine's output as it comes, stdout and stderr alike.
using OutputSink = std::function<void(std::string_view)>;

/// Takes bytes in pieces; false when no more are wanted.
using ByteTaker = std::function<bool(std::string_view)>;

struct RunRequest {
  std::string image;       ///< ID
  std::string platform{};  ///< of the image
  std::string name;        ///< container name, unique; the caller makes it
  std::optional<std::vector<std::string>> entrypoint;  ///< unset: the image's; empty: none
  std::vector<std::string> command;                    ///< empty: the image's
  std::map<std::string, std::string> environment;
  std::string user;
  std::string working_dir;
  std::string network;               ///< empty: the engine's default; `none`, `host`, …
  std::vector<std::string> flags;    ///< further engine flags (`--tmpfs`, `--volume`, …)
  std::vector<int> published_ports;  ///< container ports, each to a free port of 127.0.0.1
  bool tty = false;
  std::string input;
  std::optional<std::chrono::milliseconds> time_limit;
};

struct RunResult {
  int exit_status = 0;
  bool timed_out = false;
  std::string out;
  std::string err;
  std::chrono::milliseconds duration{0};
};

enum class Health { none, starting, healthy, unhealthy };

/// A container that was started detached. Removed, with its volumes, when the object goes.
class Container {
 public:
  virtual ~Container() = default;
  virtual const std::string& id() const = 0;
  virtual bool running() = 0;
  virtual int exit_status() = 0;  ///< of an ended container
  /// Host and port at which `container_port` is reached from this machine (`127.0.0.1:49153`).
  virtual std::string address(int container_port) = 0;
  /// By the engine's timers, or by running the image's check by exec where it has none (rule 23).
  virtual Health health() = 0;
  virtual RunResult exec(const std::vector<std::string>& argv,
                         std::optional<std::chrono::milliseconds> time_limit) = 0;
  virtual std::string logs() = 0;  ///< stdout and stderr so far
  virtual void stop(std::chrono::seconds grace) = 0;
};

/// How an archive says what is in it: by a manifest.json, or by an image layout's index.json, which
/// may have a manifest.json beside it.
enum class ArchiveForm { docker, oci };

/// One endpoint behind few verbs. Every method throws UnreachableError when the engine does not
/// answer and Error when it refuses.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual const Endpoint& endpoint() const = 0;
  virtual const Capabilities& capabilities() const = 0;
  /// Who answers now, in the form of Endpoint::identity.
  virtual std::string identity() = 0;
  /// The platform this engine runs without emulation.
  virtual oci::Platform native_platform() = 0;

  virtual std::vector<ListedImage> list() = 0;
  virtual std::optional<ImageInfo> inspect(const std::string& reference) = 0;
  virtual void tag(const std::string& id, const std::string& name) = 0;
  /// Takes one name away; the image goes with its last name only when nothing else holds it.
  virtual void untag(const std::string& name) = 0;
  /// Removes an image with all its names; false when it is in use or gone already.
  virtual bool remove(const std::string& id) = 0;
  virtual void pull(const std::string& reference, const oci::Platform& platform,
                    const OutputSink& sink) = 0;

  /// Returns the ID of the built image. `sink` gets all output, `on_tick` is called every 30 s.
  virtual std::string build(const BuildRequest& request, const OutputSink& sink,
                            const std::function<void()>& on_tick) = 0;

  /// Hands image `id` over as an uncompressed tar archive with the config's own bytes and the
  /// layers: as `docker save` writes it, or as an image layout (podman's and buildah's oci-archive)
  /// when the config is OCI's. Returns at its end, or when `taker` wants no more.
  virtual void save(const std::string& id, const ByteTaker& taker) = 0;
  /// Takes an image in that `produce` writes in one of these forms. The engine checks the layers
  /// against the config; the image gets no name. Returns the ID that the engine says it has now, or
  /// nothing where it says none.
  virtual std::string load(ArchiveForm form,
                           const std::function<void(const OutputSink&)>& produce) = 0;

  /// Runs a fresh container to its end; it is always removed, also on time-out and interrupt.
  virtual RunResult run(const RunRequest& request) = 0;
  virtual std::unique_ptr<Container> start(const RunRequest& request) = 0;

  /// The files of an image, without running anything in it (tests of images without a shell).
  virtual std::unique_ptr<ImageFiles> files(const std::string& image, const std::string& name);

  /// The command line that opens an interactive shell in a fresh container.
  virtual Command shell_command(const std::string& image, const std::string& name) = 0;
};

/// Opens the engine that `endpoint` describes; does not talk to it yet.
std::unique_ptr<Engine> open_engine(const Endpoint& endpoint);

/// What opens endpoints; open_engine but in tests.
using Opener = std::function<std::unique_ptr<Engine>(const Endpoint&)>;

}  // namespace cairn::engine
