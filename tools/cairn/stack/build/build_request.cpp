// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/build_request.hpp"

#include "base/error.hpp"
#include "stack/build/staging.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

namespace cairn::stack {
namespace {

std::vector<engine::BuildSecret> secrets_of(const BuildDescription& image) {
  std::vector<engine::BuildSecret> secrets;
  for (const auto& [id, source] : image.secrets) {
    if (!std::filesystem::exists(source)) {
      throw UserError("secret '" + id + "' of '" + image.title() + "': no file '" + source + "'",
                      "make the file, or take the secret out of SECRETS");
    }
    secrets.push_back({id, source});
  }
  return secrets;
}

std::vector<std::string> flags_of(const BuildDescription& image, const engine::Endpoint& endpoint) {
  std::vector<std::string> flags = image.flags;
  if (!image.reproducible) return flags;
  if (endpoint.kind == "docker") {
    throw UserError(fmt::format("'{}' is REPRODUCIBLE, but docker's builders cannot rewrite the "
                                "times in layers without exporting them",
                                image.title()),
                    "build it with podman or buildah (-DCAIRN_ENGINE=buildah), or take "
                    "REPRODUCIBLE away");
  }
  flags.insert(flags.end(), {"--timestamp", std::to_string(kStagedTime)});
  return flags;
}

// The legacy builder knows no TARGETARCH and its like by itself.
void add_platform_arguments(const BuildDescription& image, const Recipe& recipe,
                            engine::Engine& engine, std::map<std::string, std::string>& arguments) {
  const std::vector<std::string> declared =
      dockerfile::declared_arguments(recipe.file, recipe.needed);
  for (const auto& [name, value] : dockerfile::platform_arguments(
           image.platform.to_string(), engine.native_platform().to_string())) {
    if (std::find(declared.begin(), declared.end(), name) != declared.end()) {
      arguments.emplace(name, value);
    }
  }
}

}  // namespace

engine::BuildRequest build_request(const BuildDescription& image, const Recipe& recipe,
                                   engine::Engine& engine) {
  engine::BuildRequest request;
  request.platform = image.platform;
  request.emulated = !(engine.native_platform() == image.platform);
  request.target = image.stage;
  request.build_args = recipe.arguments;
  if (engine.capabilities().builds_unneeded_stages) {
    add_platform_arguments(image, recipe, engine, request.build_args);
  }
  request.labels = image.labels;
  request.secrets = secrets_of(image);
  request.ssh = image.ssh;
  request.network = image.network;
  request.added_hosts = image.added_hosts;
  request.flags = flags_of(image, engine.endpoint());
  return request;
}

}  // namespace cairn::stack
