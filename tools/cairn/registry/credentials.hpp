// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "registry/secret.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::registry {

struct Credential {
  std::string user;
  Secret password;
  Secret identity_token;  ///< an OAuth2 refresh token instead of user and password
};

/// Where logins are kept, in the order in which they are looked at: `$REGISTRY_AUTH_FILE`,
/// podman's `$XDG_RUNTIME_DIR/containers/auth.json` and `~/.config/containers/auth.json`
/// (containers-auth.json(5)), docker's `$DOCKER_CONFIG/config.json` or `~/.docker/config.json`.
std::vector<std::filesystem::path> credential_files();

/// The login for a repository (`quay.io/me/web`, `localhost:5000/x`), from the first file that has
/// one: for the longest part of its path as `podman login` takes it, else for its registry
/// (docker.io under all its names), credential helpers included. Nothing when nobody logged in.
/// Throws UserError for a file that cannot be read and for a helper that fails or takes longer than
/// `helper_limit`; the message never holds what the file or helper said.
std::optional<Credential> find_credential(
    const std::string& repository,
    const std::vector<std::filesystem::path>& files = credential_files(),
    std::chrono::milliseconds helper_limit = std::chrono::seconds(30));

}  // namespace cairn::registry
