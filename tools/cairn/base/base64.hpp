// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cairn {

/// Base64 with padding (RFC 4648, section 4), by OpenSSL.
std::string encode_base64(std::string_view bytes);

/// The bytes of `text`, or nothing when it is no Base64.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace cairn
