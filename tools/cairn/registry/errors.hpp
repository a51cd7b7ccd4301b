// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/error.hpp"
#include "registry/transport.hpp"

#include <string>

namespace cairn::registry {

/// No answer this time: the same request may succeed a little later.
class TransientError : public UnreachableError {
 public:
  using UnreachableError::UnreachableError;
};

/// `GET https://quay.io/v2/x/manifests/1`: how a request reads in a message; nothing secret.
std::string describe(const Request& request);

/// What a registry said of itself in an answer: `403 DENIED: requested access is denied`
/// (distribution-spec, "Error codes"), or the bare status.
std::string describe(const Answer& answer);

}  // namespace cairn::registry
