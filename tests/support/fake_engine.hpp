// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/error.hpp"
#include "engine/engine.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace cairn::testing {

/// What fake engines share: their answers, and what they were asked. Safe to use from threads.
struct FakeWorld {
  engine::Endpoint endpoint{"docker", "", "/none", "", "fake", {}, {}, {}};
  std::map<std::string, engine::ImageInfo> images;  ///< by ID
  std::function<engine::RunResult(const engine::RunRequest&)> on_run;
  std::function<std::unique_ptr<engine::Container>(const engine::RunRequest&)> on_start;
  std::function<std::unique_ptr<engine::ImageFiles>()> on_files;
  std::function<std::string(const engine::BuildRequest&)> on_build;

  std::mutex mutex;
  std::vector<engine::RunRequest> runs;
  std::vector<engine::BuildRequest> builds;
  std::vector<std::string> calls;  ///< `tag ID NAME`, `untag NAME`, `remove ID`, `pull REFERENCE`

  void note(std::string call) {
    const std::lock_guard guard(mutex);
    calls.push_back(std::move(call));
  }
};

/// An engine that records its requests and gives the answers of a FakeWorld.
class FakeEngine : public engine::Engine {
 public:
  explicit FakeEngine(std::shared_ptr<FakeWorld> world) : world_(std::move(world)) {}

  const engine::Endpoint& endpoint() const override { return world_->endpoint; }
  const engine::Capabilities& capabilities() const override { return capabilities_; }
  std::string identity() override { return world_->endpoint.identity; }
  oci::Platform native_platform() override { return oci::Platform::parse("linux/amd64"); }
  std::vector<engine::ListedImage> list() override {
    std::vector<engine::ListedImage> all;
    for (const auto& [id, info] : world_->images)
      all.push_back({id, info.names, info.size});
    return all;
  }
  std::optional<engine::ImageInfo> inspect(const std::string& reference) override {
    const std::lock_guard guard(world_->mutex);
    const auto found = world_->images.find(reference);
    if (found != world_->images.end()) return found->second;
    for (const auto& [id, info] : world_->images) {
      for (const std::string& name : info.names) {
        if (name == reference) return info;
      }
    }
    return std::nullopt;
  }
  void tag(const std::string& id, const std::string& name) override {
    world_->note("tag " + id + " " + name);
    const std::lock_guard guard(world_->mutex);
    world_->images.at(id).names.push_back(name);
  }
  void untag(const std::string& name) override {
    world_->note("untag " + name);
    const std::lock_guard guard(world_->mutex);
    for (auto& [id, info] : world_->images)
      std::erase(info.names, name);
  }
  bool remove(const std::string& id) override {
    world_->note("remove " + id);
    return world_->images.erase(id) > 0;
  }
  void pull(const std::string& reference, const oci::Platform&,
            const engine::OutputSink&) override {
    world_->note("pull " + reference);
  }
  std::string build(const engine::BuildRequest& request, const engine::OutputSink&,
                    const std::function<void()>&) override {
    world_->builds.push_back(request);
    return world_->on_build(request);
  }
  engine::RunResult run(const engine::RunRequest& request) override {
    {
      const std::lock_guard guard(world_->mutex);
      world_->runs.push_back(request);
    }
    if (!world_->on_run) throw Error("no container was expected");
    return world_->on_run(request);
  }
  std::unique_ptr<engine::Container> start(const engine::RunRequest& request) override {
    return world_->on_start(request);
  }
  std::unique_ptr<engine::ImageFiles> files(const std::string&, const std::string&) override {
    return world_->on_files();
  }
  Command shell_command(const std::string&, const std::string&) override { return {}; }

 private:
  std::shared_ptr<FakeWorld> world_;
  engine::Capabilities capabilities_;
};

}  // namespace cairn::testing
