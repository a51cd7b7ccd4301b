// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/http.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace cairn::stack {

/// One GET of `path` over a TCP connection of its own to `address` (`127.0.0.1:49153`). Nothing
/// when nobody answers: the connection is refused, or closed without a byte, as the engine's port
/// forwarder does while the container does not listen yet. Throws Error for an answer that is no
/// HTTP/1.1, or not complete within `limit`.
std::optional<engine::HttpResponse> http_get(const std::string& address, const std::string& path,
                                             std::chrono::milliseconds limit);

/// Whether something behind `address` accepts a connection and keeps it.
bool port_is_open(const std::string& address);

}  // namespace cairn::stack
