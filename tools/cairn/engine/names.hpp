// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/endpoint.hpp"

#include <string>

namespace cairn::engine {

/// In front of the names that images have while a test on this machine asks for one.
inline constexpr const char* kTestNames = "test.cairn.invalid/";

/// The name under which an engine lists an image that was tagged as `name`: with its tag, and
/// where `name` has no host with the one that the engine puts in front (docker `docker.io`; podman
/// and buildah `localhost`, tried on 4.3 and 1.28).
std::string listed_name(const Endpoint& endpoint, const std::string& name);

}  // namespace cairn::engine
