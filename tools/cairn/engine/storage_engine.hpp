// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/json.hpp"
#include "engine/engine.hpp"

#include <string>
#include <vector>

namespace cairn::engine {

/// What podman and buildah share: command lines over containers/storage, with the same words for
/// images. They differ in how they list and describe images and in how they run containers.
class StorageEngine : public Engine {
 public:
  const Endpoint& endpoint() const override { return endpoint_; }
  const Capabilities& capabilities() const override { return capabilities_; }

  void tag(const std::string& id, const std::string& name) override;
  void untag(const std::string& name) override;
  bool remove(const std::string& id) override;
  void pull(const std::string& reference, const oci::Platform& platform,
            const OutputSink& sink) override;
  std::string build(const BuildRequest& request, const OutputSink& sink,
                    const std::function<void()>& on_tick) override;

 protected:
  explicit StorageEngine(const Endpoint& endpoint);

  /// The images that containers, also those of other programs on this storage, stand on.
  virtual std::vector<std::string> images_in_use() = 0;

  /// Runs a command whose answer is JSON.
  Json ask(const std::vector<std::string>& words, const std::string& doing) const;
  /// The answer of an `inspect` command; nothing when there is no such image.
  std::optional<Json> describe(std::vector<std::string> words, const std::string& reference) const;

 private:
  const Endpoint endpoint_;
  const Capabilities capabilities_;
};

}  // namespace cairn::engine
