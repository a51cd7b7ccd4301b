// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "registry/challenge.hpp"
#include "registry/credentials.hpp"
#include "registry/transport.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace cairn::registry {

/// Meets the challenges of registries: anonymous, basic and token authentication
/// (distribution-spec, "Token Authentication"; docker's OAuth2 for identity tokens). A scope is one
/// or more of `repository:x:pull,push`, with blanks between them. For any number of threads.
class Authorizer {
 public:
  using FindCredential = std::function<std::optional<Credential>(const std::string& repository)>;

  /// Token servers are spoken to by `transport`.
  Authorizer(Transport& transport, FindCredential find_credential);

  /// The value of the Authorization header for `url` and `scope`, from what was met before; empty
  /// when nothing was. `repository` is whose login is meant: `quay.io/me/web`.
  Secret header_for(const Url& url, const std::string& repository, const std::string& scope);

  /// What was refused: the 401 itself, and what had been sent.
  struct Refusal {
    const Answer& answer;
    const Url& url;
    const Secret& header;  ///< of Authorization; empty when there was none
  };

  /// Answers a 401. False when nothing can be done about it. When another thread has done so
  /// since, that stands. Throws UserError when a token server refuses, or would be told a password
  /// in the clear.
  bool meet(const Refusal& refusal, const std::string& repository, const std::string& scope);

 private:
  Secret fetch_token(const Challenge& challenge, const std::string& repository,
                     const std::optional<Credential>& login, const std::string& scope);
  Secret basic(const Credential& login) const;

  Secret known_header(const Url& url, const std::string& repository,
                      const std::string& scope) const;

  Transport& transport_;
  FindCredential find_credential_;
  std::mutex mutex_;
  std::map<std::string, Secret> headers_;  ///< origin and scope, or repository for basic -> header
  std::set<std::string> basic_;            ///< origins that take passwords, and may be told one
};

}  // namespace cairn::registry
