// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cairn::testing {

/// A build as the engine was asked for it. The recipe and the context are gone when the builder
/// has returned, so they are read when it asks.
struct SeenBuild {
  engine::BuildRequest request;
  std::string recipe;
  std::map<std::string, std::string> files;  ///< context path -> bytes; folders end in '/'
};

/// What fake engines share: what they hold, how they answer, what they were asked. Safe to use
/// from threads once it is set up.
struct FakeWorld {
  engine::Endpoint endpoint{"docker", "", "/none", "", "", "fake", {}, {}, {}};
  engine::Capabilities capabilities;
  oci::Platform native = oci::Platform::parse("linux/amd64");
  std::string answers_as;  ///< identity of who answers; empty: the endpoint's own
  bool down = false;       ///< every call throws UnreachableError
  /// Verb (`build`, `tag`, `remove`, …) -> text of the Error that it throws.
  std::map<std::string, std::string> refuses;
  std::set<std::string> in_use;                           ///< IDs that remove leaves
  std::map<std::string, engine::ImageInfo> images;        ///< held, by ID
  std::map<std::string, engine::ImageInfo> to_pull;       ///< by canonical name
  std::string says;                                       ///< what every build prints
  int ticks = 0;                                          ///< heartbeats of every build
  std::optional<oci::ImageConfig> builds_to;              ///< result of builds without `on_build`
  std::function<std::string(const SeenBuild&)> on_build;  ///< ID of the result
  std::function<engine::RunResult(const engine::RunRequest&)> on_run;
  std::function<std::unique_ptr<engine::Container>(const engine::RunRequest&)> on_start;
  std::function<std::unique_ptr<engine::ImageFiles>()> on_files;

  std::map<std::string, std::string> saves;  ///< by ID: what `docker save` would write
  std::string loaded;                        ///< what the last load was given
  std::string loaded_id;                     ///< what loads say
  std::function<void()> on_load;             ///< what the engine makes of it

  std::mutex mutex;
  int opened = 0;  ///< how often an engine was opened
  std::vector<engine::RunRequest> runs;
  std::vector<SeenBuild> builds;
  /// `list`, `tag ID NAME`, `untag NAME`, `remove ID`, `pull NAME PLATFORM`; inspect is not noted.
  std::vector<std::string> calls;

  /// Holds an image of `config` under `names` (as an engine lists them: fully qualified) and
  /// returns its ID; another `salt` gives the same content another ID.
  std::string hold(const oci::ImageConfig& config, const std::vector<std::string>& names = {},
                   const std::string& salt = "");
  /// The ID that `name` stands for; empty when it stands for none.
  std::string id_of(const std::string& name) const;
  /// Calls that begin with `verb`, in order.
  std::vector<std::string> calls_of(const std::string& verb) const;
};

/// The image that holds `config`, as an engine would describe it.
engine::ImageInfo image_of(const oci::ImageConfig& config, const std::string& salt = "");

/// A config for `platform` with layers `diff_ids` and nothing else.
oci::ImageConfig config_of(const std::vector<std::string>& diff_ids,
                           const std::string& platform = "linux/amd64");

/// An engine that records its requests and gives the answers of a FakeWorld.
class FakeEngine : public engine::Engine {
 public:
  explicit FakeEngine(std::shared_ptr<FakeWorld> world) : world_(std::move(world)) {}
  /// As opened for `endpoint` instead of the world's own.
  FakeEngine(std::shared_ptr<FakeWorld> world, engine::Endpoint endpoint)
      : world_(std::move(world)), endpoint_(std::move(endpoint)) {}

  const engine::Endpoint& endpoint() const override {
    return endpoint_ ? *endpoint_ : world_->endpoint;
  }
  const engine::Capabilities& capabilities() const override { return world_->capabilities; }
  std::string identity() override;
  oci::Platform native_platform() override { return world_->native; }
  std::vector<engine::ListedImage> list() override;
  std::optional<engine::ImageInfo> inspect(const std::string& reference) override;
  void tag(const std::string& id, const std::string& name) override;
  void untag(const std::string& name) override;
  bool remove(const std::string& id) override;
  void pull(const std::string& reference, const oci::Platform& platform,
            const engine::OutputSink& sink) override;
  std::string build(const engine::BuildRequest& request, const engine::OutputSink& sink,
                    const std::function<void()>& on_tick) override;
  void save(const std::string& id, const engine::ByteTaker& taker) override;
  std::string load(engine::ArchiveForm form,
                   const std::function<void(const engine::OutputSink&)>& produce) override;
  engine::RunResult run(const engine::RunRequest& request) override;
  std::unique_ptr<engine::Container> start(const engine::RunRequest& request) override;
  std::unique_ptr<engine::ImageFiles> files(const std::string& image,
                                            const std::string& name) override;
  Command shell_command(const std::string&, const std::string&) override { return {}; }

 private:
  /// Throws as the world says that `verb` ends.
  void answer(const std::string& verb) const;
  void note(const std::string& call);

  std::shared_ptr<FakeWorld> world_;
  std::optional<engine::Endpoint> endpoint_;
};

/// Opens fake engines of `world`, for whatever endpoint is asked for.
engine::Opener opener_of(const std::shared_ptr<FakeWorld>& world);

}  // namespace cairn::testing
