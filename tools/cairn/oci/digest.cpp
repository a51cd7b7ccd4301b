// SPDX-License-Identifier: BSD-3-Clause
#include "oci/digest.hpp"

#include "base/error.hpp"
#include "base/sha256.hpp"

namespace cairn::oci {

Digest Digest::parse(std::string_view text) {
  constexpr std::string_view kPrefix = "sha256:";
  const std::string_view hex = text.substr(text.find(':') + 1);
  if (text.substr(0, kPrefix.size()) != kPrefix || hex.size() != 64 ||
      hex.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    throw UserError("invalid digest '" + std::string(text) +
                    "': expected 'sha256:' and 64 lower-case hex digits");
  }
  return Digest(std::string(hex));
}

Digest Digest::of(std::string_view bytes) {
  return Digest(sha256_hex(bytes));
}

}  // namespace cairn::oci
