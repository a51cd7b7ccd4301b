// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/json.hpp"
#include "engine/engine.hpp"
#include "engine/http_client.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace cairn::engine {

/// Docker's Engine API, as far as Cairn reads it: over the daemon's unix socket, or through the
/// command line's own stream for daemons elsewhere (tcp with TLS, ssh). Paths carry no version:
/// every daemon answers them in its newest form, and only members that all forms have are read.
/// Methods throw UnreachableError when no daemon answers and Error when it refuses.
class DockerApi {
 public:
  explicit DockerApi(const Endpoint& endpoint);

  Json info();
  /// Throws UnreachableError unless the daemon answers within a few seconds.
  void ping();

  std::vector<ListedImage> list();
  std::optional<Json> image(const std::string& reference);
  void tag(const std::string& id, const std::string& name);
  void untag(const std::string& name);
  /// False when the image is in use or gone.
  bool remove(const std::string& id);
  /// Image digest `id` is a manifest's or an index's (containerd store): the config's digest, read
  /// from the image's own blobs.
  std::string config_digest_of(const std::string& id);

  /// The image as a tar archive, piece by piece. Throws Error when the daemon has none.
  void save(const std::string& id, const ByteTaker& taker);

  std::optional<Json> container(const std::string& name);
  /// Removes a container, running or not, with its volumes. Absence is no error.
  /// Removes a container, running or not, and returns when its name is free again; false when
  /// there was none. Throws Error when the daemon does not get it done within 10 s.
  bool remove_container(const std::string& name);
  void stop_container(const std::string& name, std::chrono::seconds grace);

 private:
  HttpResponse ask(const std::string& method, const std::string& target,
                   std::chrono::milliseconds limit = std::chrono::seconds(60),
                   const HttpClient::Sink& sink = {});
  [[noreturn]] void refuse(const std::string& doing, const HttpResponse& response) const;
  Json read(const std::string& doing, const HttpResponse& response) const;

  const Endpoint endpoint_;
  HttpClient client_;
};

}  // namespace cairn::engine
