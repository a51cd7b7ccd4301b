// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/context_report.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "stack/build/staging.hpp"
#include "stack/scan/input_key.hpp"
#include "stack/scan/recipe.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <map>
#include <utility>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

engine::Endpoint endpoint_of(const std::string& name) {
  const std::map<std::string, std::pair<const char*, const char*>> engines{
      {"docker", {"docker", "buildkit"}},
      {"docker-buildx", {"docker", "buildx"}},
      {"docker-legacy", {"docker", "legacy"}},
      {"podman", {"podman", ""}},
      {"buildah", {"buildah", ""}}};
  const auto found = engines.find(name);
  if (found == engines.end()) {
    std::vector<std::string> names;
    for (const auto& engine : engines)
      names.push_back(engine.first);
    const auto near = did_you_mean(name, names);
    throw UserError("unknown engine '" + name + "'",
                    near ? "did you mean '" + *near + "'?" : "it is one of " + join(names, ", "));
  }
  engine::Endpoint endpoint;
  endpoint.kind = found->second.first;
  endpoint.builder = found->second.second;
  return endpoint;
}

std::string find_recipe(const std::string& context) {
  for (const char* name : {"Dockerfile", "Containerfile"}) {
    if (fs::exists(fs::path(context) / name)) return fs::path(context) / name;
  }
  throw UserError("there is no Dockerfile in '" + context + "'",
                  "name one: cairn context " + context + " --file DOCKERFILE");
}

BuildDescription description_of(const ContextQuestion& question) {
  BuildDescription image;
  image.target = question.stage.empty() ? "image" : question.stage;
  image.context = question.context;
  image.dockerfile =
      question.dockerfile.empty() ? find_recipe(question.context) : question.dockerfile;
  image.stage = question.stage;
  image.build_args = question.build_args;
  image.platform = oci::host_platform();
  return image;
}

dockerfile::BaseFacts facts_without_looking(const dockerfile::Stage&) {
  dockerfile::BaseFacts facts;
  facts.whole_environment = false;
  return facts;
}

void require_empty(const fs::path& folder) {
  fs::create_directories(folder);
  if (fs::is_empty(folder)) return;
  throw UserError("'" + folder.string() + "' is not empty", "name a new folder");
}

const char* kind_of(const ContextEntry& entry) {
  if (entry.stamp.kind == PathKind::directory) return "folder";
  return entry.stamp.kind == PathKind::symlink ? "link" : "file";
}

}  // namespace

ContextAnswer look_at_context(const ContextQuestion& question) {
  const engine::Endpoint endpoint = endpoint_of(question.engine);
  const BuildDescription image = description_of(question);
  const Recipe recipe = read_recipe(image, {});
  const dockerfile::Builder builder = builder_of(endpoint);
  const dockerfile::ContextWants wants = dockerfile::context_sources(
      recipe.file, recipe.needed, context_arguments(image, recipe, builder), builder,
      facts_without_looking);
  const dockerfile::IgnoreRules rules =
      read_ignore_rules(ignore_file_candidates(image, endpoint), endpoint);
  ContextAnswer answer;
  answer.doubts = wants.doubts;
  if (question.copy_to.empty()) {
    answer.entries = hash_context(image, {rules, wants, builder});
  } else {
    require_empty(question.copy_to);
    answer.entries = stage_context(image, {rules, wants, builder}, question.copy_to);
  }
  answer.digest = context_digest(image, {answer.entries, answer.doubts});
  std::erase_if(answer.entries, [](const ContextEntry& entry) { return entry.implied; });
  return answer;
}

Json to_json(const ContextQuestion& question, const ContextAnswer& answer) {
  Json entries = Json::array();
  const BuildDescription image;
  for (const ContextEntry& entry : answer.entries) {
    Json item = {{"path", entry.path}, {"kind", kind_of(entry)}};
    if (entry.stamp.kind != PathKind::symlink) {
      item["mode"] = fmt::format("{:04o}", keyed_mode(image, entry));
    }
    if (entry.stamp.kind != PathKind::directory) item["sha256"] = to_hex(entry.digest);
    entries.push_back(std::move(item));
  }
  return {{"schema", "cairn/context/1"}, {"context", question.context},
          {"engine", question.engine},   {"digest", answer.digest},
          {"doubts", answer.doubts},     {"entries", std::move(entries)}};
}

std::string format_paths(const ContextAnswer& answer, bool nul) {
  std::string text;
  for (const ContextEntry& entry : answer.entries) {
    const bool folder = entry.stamp.kind == PathKind::directory;
    text += nul ? entry.path + '\0' : printable(entry.path) + (folder ? "/\n" : "\n");
  }
  return text;
}

}  // namespace cairn::stack
