// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <optional>
#include <string>

namespace cairn::registry {

/// One challenge of a WWW-Authenticate header (RFC 9110, section 11.6.1).
struct Challenge {
  std::string scheme;                             ///< lower case: `bearer`, `basic`
  std::map<std::string, std::string> parameters;  ///< names in lower case
};

/// The first challenge in `header` that can be met here (bearer or basic); nothing when none can.
std::optional<Challenge> find_challenge(const std::string& header);

}  // namespace cairn::registry
