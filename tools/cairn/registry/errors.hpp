// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/error.hpp"
#include "oci/reference.hpp"
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

/// Whether one of the errors in an answer has `code` (distribution-spec, "Error codes").
bool has_error_code(const Answer& answer, const std::string& code);

/// Whether a PUT was refused because the tag must keep what it names. No code of the distribution
/// spec says so: registries tell it by codes of their own, or in the message alone.
bool is_immutable_tag(const Answer& answer);

enum class Access { pull, push };

/// Throws what an answer means that is no success: UserError where an account, a repository or the
/// registry's owner must act, UnreachableError for 429 and what passes of 5xx, Error otherwise.
[[noreturn]] void refuse(const Request& request, const Answer& answer,
                         const oci::Reference& repository, Access access);

}  // namespace cairn::registry
