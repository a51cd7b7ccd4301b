// SPDX-License-Identifier: BSD-3-Clause
#include "base/json.hpp"
#include "engine/buildah_engine.hpp"
#include "engine/docker_engine.hpp"
#include "engine/engine.hpp"
#include "engine/podman_engine.hpp"

namespace cairn::engine {

Endpoint Endpoint::read(const std::string& path) {
  const Json json = read_json(path);
  require_schema(json, "cairn/engine/1", path);
  Endpoint endpoint;
  endpoint.kind = require_string(json, "kind", path);
  endpoint.builder = string_or(json, "builder", "");
  endpoint.program = require_string(json, "program", path);
  endpoint.version = string_or(json, "version", "");
  endpoint.url = string_or(json, "url", "");
  endpoint.identity = string_or(json, "identity", "");
  endpoint.global_flags = strings_or_empty(json, "global_flags");
  endpoint.build_flags = strings_or_empty(json, "build_flags");
  endpoint.run_flags = strings_or_empty(json, "run_flags");
  return endpoint;
}

std::unique_ptr<Engine> open_engine(const Endpoint& endpoint) {
  if (endpoint.kind == "podman") return open_podman(endpoint);
  if (endpoint.kind == "buildah") return open_buildah(endpoint);
  return open_docker(endpoint);
}

}  // namespace cairn::engine
