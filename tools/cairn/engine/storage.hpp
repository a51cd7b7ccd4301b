// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/json.hpp"
#include "engine/engine.hpp"

#include <filesystem>
#include <optional>
#include <string>

/// The folder in which podman and buildah keep images (containers/storage).
namespace cairn::engine {

/// Where `endpoint`'s images are by its flags or identity; empty when neither says.
std::string graph_root_of(const Endpoint& endpoint);

/// The config document of image `id`, when a file of `graph_root` has exactly its bytes: their
/// SHA-256 is the ID. Nothing otherwise, whatever the reason.
std::optional<Json> stored_config(const std::filesystem::path& graph_root, const std::string& id);

}  // namespace cairn::engine
