// SPDX-License-Identifier: BSD-3-Clause
#include "fake_engine.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/sha256.hpp"
#include "oci/reference.hpp"

#include <algorithm>
#include <filesystem>

namespace cairn::testing {
namespace {

namespace fs = std::filesystem;

// As engines list names: `me/x` is `docker.io/me/x:latest`. IDs and bound names are full already.
std::string canonical(const std::string& name) {
  if (name.rfind("sha256:", 0) == 0) return name;
  oci::Reference reference = oci::Reference::parse(name);
  if (reference.tag.empty() && reference.digest.empty()) reference.tag = "latest";
  return reference.to_string();
}

std::map<std::string, std::string> files_below(const fs::path& root) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string path = entry.path().lexically_relative(root).string();
    if (entry.is_symlink()) {
      files[path] = "-> " + fs::read_symlink(entry.path()).string();
    } else if (entry.is_directory()) {
      files[path + "/"] = "";
    } else {
      files[path] = read_file(entry.path());
    }
  }
  return files;
}

}  // namespace

engine::ImageInfo image_of(const oci::ImageConfig& config, const std::string& salt) {
  engine::ImageInfo info;
  info.id = "sha256:" + sha256_hex(oci::content_identity(config) + salt);
  info.config_digest = info.id;
  info.size = 1000 * config.diff_ids.size();
  info.created = "2026-11-24T00:00:00Z";
  info.config = config;
  return info;
}

oci::ImageConfig config_of(const std::vector<std::string>& diff_ids, const std::string& platform) {
  oci::ImageConfig config;
  config.platform = oci::Platform::parse(platform);
  config.diff_ids = diff_ids;
  return config;
}

std::string FakeWorld::hold(const oci::ImageConfig& config, const std::vector<std::string>& names,
                            const std::string& salt) {
  engine::ImageInfo info = image_of(config, salt);
  info.names = names;
  return images.emplace(info.id, info).first->first;
}

std::string FakeWorld::id_of(const std::string& name) const {
  for (const auto& [id, info] : images) {
    if (std::find(info.names.begin(), info.names.end(), name) != info.names.end()) return id;
  }
  return {};
}

std::vector<std::string> FakeWorld::calls_of(const std::string& verb) const {
  std::vector<std::string> found;
  for (const std::string& call : calls) {
    if (call.substr(0, call.find(' ')) == verb) found.push_back(call);
  }
  return found;
}

void FakeEngine::answer(const std::string& verb) const {
  if (world_->down) {
    throw UnreachableError("the fake engine does not answer", "start the fake engine");
  }
  const auto refused = world_->refuses.find(verb);
  if (refused != world_->refuses.end()) throw Error(refused->second);
}

void FakeEngine::note(const std::string& call) {
  const std::lock_guard guard(world_->mutex);
  world_->calls.push_back(call);
}

std::string FakeEngine::identity() {
  answer("identity");
  return world_->answers_as.empty() ? endpoint().identity : world_->answers_as;
}

std::vector<engine::ListedImage> FakeEngine::list() {
  answer("list");
  note("list");
  const std::lock_guard guard(world_->mutex);
  std::vector<engine::ListedImage> all;
  for (const auto& [id, info] : world_->images)
    all.push_back({id, info.names, info.size});
  return all;
}

std::optional<engine::ImageInfo> FakeEngine::inspect(const std::string& reference) {
  answer("inspect");
  const std::lock_guard guard(world_->mutex);
  const auto found = world_->images.find(reference);
  if (found != world_->images.end()) return found->second;
  const auto named = world_->images.find(world_->id_of(canonical(reference)));
  if (named == world_->images.end()) return std::nullopt;
  return named->second;
}

void FakeEngine::tag(const std::string& id, const std::string& name) {
  answer("tag");
  note("tag " + id + " " + name);
  const std::lock_guard guard(world_->mutex);
  if (world_->images.count(id) == 0) throw Error("no such image: '" + id + "'");
  const std::string full = canonical(name);
  for (auto& [unused, info] : world_->images)
    std::erase(info.names, full);
  world_->images[id].names.push_back(full);
}

void FakeEngine::untag(const std::string& name) {
  answer("untag");
  note("untag " + name);
  const std::lock_guard guard(world_->mutex);
  const auto found = world_->images.find(world_->id_of(canonical(name)));
  if (found == world_->images.end()) return;
  engine::ImageInfo& info = found->second;
  std::erase(info.names, canonical(name));
  const bool held =
      !info.names.empty() || !info.repo_digests.empty() || world_->in_use.count(found->first) != 0;
  if (!held) world_->images.erase(found);
}

bool FakeEngine::remove(const std::string& id) {
  answer("remove");
  note("remove " + id);
  const std::lock_guard guard(world_->mutex);
  return world_->in_use.count(id) == 0 && world_->images.erase(id) > 0;
}

void FakeEngine::pull(const std::string& reference, const oci::Platform& platform,
                      const engine::OutputSink& sink) {
  answer("pull");
  note("pull " + reference + " " + platform.to_string());
  sink("pulled\n");
  const std::lock_guard guard(world_->mutex);
  const auto found = world_->to_pull.find(canonical(reference));
  if (found == world_->to_pull.end()) return;
  for (auto& [unused, held] : world_->images)
    std::erase(held.names, found->first);
  engine::ImageInfo info = found->second;
  info.names.push_back(found->first);
  world_->images[info.id] = info;
}

std::string FakeEngine::build(const engine::BuildRequest& request, const engine::OutputSink& sink,
                              const std::function<void()>& on_tick) {
  SeenBuild seen{request, read_file(request.dockerfile), files_below(request.context)};
  {
    const std::lock_guard guard(world_->mutex);
    world_->builds.push_back(seen);
  }
  sink(world_->says);
  for (int i = 0; i < world_->ticks; ++i)
    on_tick();
  answer("build");
  if (world_->on_build) return world_->on_build(seen);
  if (!world_->builds_to) throw Error("no build was expected");
  return world_->hold(*world_->builds_to);
}

void FakeEngine::save(const std::string& id, const engine::ByteTaker& taker) {
  answer("save");
  note("save " + id);
  const std::string& bytes = world_->saves.at(id);
  constexpr std::size_t kPiece = 1000;
  for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
    if (!taker(std::string_view(bytes).substr(at, kPiece))) return;
  }
}

std::string FakeEngine::load(engine::ArchiveForm form,
                             const std::function<void(const engine::OutputSink&)>& produce) {
  answer("load");
  note(form == engine::ArchiveForm::oci ? "load oci" : "load");
  std::string bytes;
  produce([&](std::string_view piece) { bytes.append(piece); });
  world_->loaded = bytes;
  if (world_->on_load) world_->on_load();
  return world_->loaded_id;
}

engine::RunResult FakeEngine::run(const engine::RunRequest& request) {
  answer("run");
  {
    const std::lock_guard guard(world_->mutex);
    world_->runs.push_back(request);
  }
  if (!world_->on_run) throw Error("no container was expected");
  return world_->on_run(request);
}

std::unique_ptr<engine::Container> FakeEngine::start(const engine::RunRequest& request) {
  answer("start");
  {
    const std::lock_guard guard(world_->mutex);
    world_->runs.push_back(request);
  }
  if (!world_->on_start) throw Error("no service was expected");
  return world_->on_start(request);
}

std::unique_ptr<engine::ImageFiles> FakeEngine::files(const std::string&, const std::string&) {
  answer("files");
  if (!world_->on_files) throw Error("nobody was expected to read files");
  return world_->on_files();
}

engine::Opener opener_of(const std::shared_ptr<FakeWorld>& world) {
  return [world](const engine::Endpoint& endpoint) -> std::unique_ptr<engine::Engine> {
    {
      const std::lock_guard guard(world->mutex);
      ++world->opened;
    }
    return std::make_unique<FakeEngine>(world, endpoint);
  };
}

}  // namespace cairn::testing
