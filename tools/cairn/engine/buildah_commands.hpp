// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "oci/image_config.hpp"

#include <string>
#include <vector>

/// buildah's own command lines, as values: tested as text.
namespace cairn::engine {

/// `buildah from`: makes a working container of an image.
Command buildah_from_command(const Endpoint& endpoint, const std::string& image,
                             const std::string& name);

/// The whole argument vector of a container: buildah knows no entrypoint at run time, so image
/// and request are put together here, as docker does it.
std::vector<std::string> container_argv(const RunRequest& request, const oci::ImageConfig& config);

/// `buildah run`: `argv` in the working container `request.name`, with the options of `request`.
Command buildah_run_command(const Endpoint& endpoint, const RunRequest& request,
                            const std::vector<std::string>& argv);

/// Takes back what `buildah run` itself wrote after the container's own stderr, and makes the
/// exit status of a program that does not exist the shell's 127.
void clean_buildah_result(RunResult& result);

}  // namespace cairn::engine
