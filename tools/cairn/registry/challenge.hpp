// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::registry {

/// One challenge of a WWW-Authenticate header (RFC 9110, section 11.6.1).
struct Challenge {
  std::string scheme;                             ///< lower case: `bearer`, `basic`
  std::map<std::string, std::string> parameters;  ///< names in lower case
};

/// Of the challenges in all lines of WWW-Authenticate the one to meet: the first bearer whose realm
/// is an http(s) URL, which gives a token for a while, before the first basic, which tells the
/// password itself; nothing when there is neither.
std::optional<Challenge> find_challenge(const std::vector<std::string>& headers);

}  // namespace cairn::registry
