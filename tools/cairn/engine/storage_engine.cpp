// SPDX-License-Identifier: BSD-3-Clause
#include "engine/storage_engine.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "engine/capabilities.hpp"
#include "engine/cli.hpp"
#include "engine/image_json.hpp"
#include "engine/podman_commands.hpp"
#include "engine/run_commands.hpp"

#include <algorithm>

namespace cairn::engine {
namespace {

bool is_unknown_image(const ProcessResult& result) {
  return result.err.find("image not known") != std::string::npos ||
         result.err.find("no such image") != std::string::npos;
}

// podman says it by status 2 (podman-rmi(1)), buildah in words.
bool is_image_in_use(const Endpoint& endpoint, const ProcessResult& result) {
  return (endpoint.kind == "podman" && result.exit_status == 2) ||
         result.err.find("in use") != std::string::npos;
}

}  // namespace

StorageEngine::StorageEngine(const Endpoint& endpoint)
    : endpoint_(endpoint), capabilities_(capabilities_of(endpoint.kind, endpoint.builder, "")) {}

void StorageEngine::tag(const std::string& id, const std::string& name) {
  require_cli(endpoint_, plain_command(endpoint_, {"tag", id, name}),
              "tag '" + id + "' as '" + name + "'");
}

void StorageEngine::untag(const std::string& name) {
  const ProcessResult result = run_cli(endpoint_, plain_command(endpoint_, {"rmi", name}));
  if (result.exit_status == 0 || is_unknown_image(result)) return;
  throw_refused(endpoint_, "untag '" + name + "'", result);
}

bool StorageEngine::remove(const std::string& id) {
  const std::optional<ImageInfo> image = inspect(id);
  if (!image) return false;
  const std::vector<std::string> used = images_in_use();
  if (std::find(used.begin(), used.end(), image->id) != used.end()) return false;
  std::vector<std::string> words{"rmi"};
  append(words, image->names);
  if (image->names.empty()) words.push_back(id);
  const ProcessResult result = run_cli(endpoint_, plain_command(endpoint_, words));
  if (result.exit_status == 0) return true;
  if (is_unknown_image(result) || is_image_in_use(endpoint_, result)) return false;
  throw_refused(endpoint_, "remove '" + id + "'", result);
}

void StorageEngine::pull(const std::string& reference, const oci::Platform& platform,
                         const OutputSink& sink) {
  stream_cli(endpoint_, podman_pull_command(endpoint_, reference, platform),
             "pull '" + reference + "'", sink);
}

std::string StorageEngine::build(const BuildRequest& request, const OutputSink& sink,
                                 const std::function<void()>& on_tick) {
  const TempDir outputs("cairn-build-");
  const std::filesystem::path id_file = outputs.path() / "id";
  RunOptions options;
  options.on_tick = on_tick;
  options.cleans_up_containers = true;
  stream_cli(endpoint_, podman_build_command(endpoint_, request, id_file),
             "build '" + request.dockerfile + "'", sink, options);
  return full_id(trim(read_file(id_file)));
}

Json StorageEngine::ask(const std::vector<std::string>& words, const std::string& doing) const {
  const std::string text = require_cli(endpoint_, plain_command(endpoint_, words), doing);
  Json answer = Json::parse(text, nullptr, false);
  if (answer.is_discarded()) {
    throw Error(endpoint_.kind + "'s answer to " + doing + " is no JSON");
  }
  return answer;
}

std::optional<Json> StorageEngine::describe(std::vector<std::string> words,
                                            const std::string& reference) const {
  words.push_back(reference);
  const ProcessResult result = run_cli(endpoint_, plain_command(endpoint_, words));
  if (result.exit_status == 0) return Json::parse(result.out);
  if (is_unknown_image(result)) return std::nullopt;
  throw_refused(endpoint_, "inspect '" + reference + "'", result);
}

}  // namespace cairn::engine
