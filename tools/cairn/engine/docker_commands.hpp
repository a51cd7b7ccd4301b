// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"

#include <string>

/// docker's own command lines, as values: tested as text.
namespace cairn::engine {

/// Where a build leaves what it made.
struct BuildOutputs {
  std::string id_file;        ///< the image's ID
  std::string metadata_file;  ///< buildx only: digests of manifest and config, as JSON
};

/// `docker build` (BuildKit of the command line or the legacy builder, chosen by environment) or
/// `docker buildx build`. Throws UserError when the builder has no secrets and some are asked for.
Command docker_build_command(const Endpoint& endpoint, const BuildRequest& request,
                             const BuildOutputs& outputs);

Command docker_pull_command(const Endpoint& endpoint, const std::string& reference,
                            const oci::Platform& platform);

/// The stream to a daemon that is not on a unix socket: `docker -H … system dial-stdio`.
Command docker_dial_command(const Endpoint& endpoint);

}  // namespace cairn::engine
