// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"

#include <string>

/// Command lines of podman, and the ones it shares with buildah, as values: tested as text.
namespace cairn::engine {

/// `podman build` or `buildah build` (by `endpoint.kind`): never pulls, docker's format, no ignore
/// file, because the context holds exactly what may be seen.
Command podman_build_command(const Endpoint& endpoint, const BuildRequest& request,
                             const std::string& id_file);

Command podman_pull_command(const Endpoint& endpoint, const std::string& reference,
                            const oci::Platform& platform);

}  // namespace cairn::engine
