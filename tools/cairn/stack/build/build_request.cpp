// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/build_request.hpp"

#include "base/error.hpp"
#include "stack/build/staging.hpp"

#include <fmt/core.h>

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

// buildah 1.28 and podman 4.3 know a step by its text, and only RUN by its arguments as well: with
// another value of G they give `ENV X=$G` as it was. Seen to be mended when e2e.edit_matrix passes
// its row "build argument" on them without this.
bool cache_may_lie(const Recipe& recipe, const engine::Capabilities& can) {
  if (can.cache_sees_arguments) return false;
  bool declared = false, expanded = false;
  for (const int index : recipe.needed) {
    for (const auto& instruction :
         recipe.file.stages[static_cast<std::size_t>(index)].instructions) {
      const bool argument = instruction.keyword == "ARG";
      declared = declared || argument;
      const std::string_view text(recipe.file.text);
      const auto& span = instruction.span;
      expanded = expanded || (!argument && instruction.keyword != "RUN" &&
                              text.substr(span.offset, span.length).find('$') != text.npos);
    }
  }
  return declared && expanded;
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
    request.build_args.merge(declared_platform_arguments(image, recipe, engine.native_platform()));
  }
  request.labels = image.labels;
  request.no_cache = cache_may_lie(recipe, engine.capabilities());
  request.secrets = secrets_of(image);
  request.ssh = image.ssh;
  request.network = image.network;
  request.added_hosts = image.added_hosts;
  request.flags = flags_of(image, engine.endpoint());
  return request;
}

}  // namespace cairn::stack
