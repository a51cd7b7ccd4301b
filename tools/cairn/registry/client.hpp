// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/digest.hpp"
#include "oci/reference.hpp"
#include "registry/authorizer.hpp"
#include "registry/retry.hpp"
#include "registry/transport.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::registry {

/// A manifest or index as the registry holds it; its bytes are of its digest.
struct RemoteManifest {
  oci::Digest digest;
  std::string media_type;
  std::string bytes;
};

struct ClientOptions {
  TransportOptions transport;
  RetryPolicy retry;
  std::vector<std::string> plain_http;         ///< hosts spoken to without TLS, as is
                                               ///< this machine where it has none
  Authorizer::FindCredential find_credential;  ///< unset: the user's login files
};

/// Speaks the distribution spec's pull side to any registry, one connection a host. Absent is
/// 404 and nothing else: 401, 403 and 5xx are errors.
class Client {
 public:
  explicit Client(ClientOptions options = {});
  Client(std::unique_ptr<Transport> transport, ClientOptions options);

  /// What `reference` (its digest, else its tag, else `latest`) names; nothing when the registry
  /// does not have it. Throws UserError when access is refused, UnreachableError when the registry
  /// does not answer, Error when the bytes are not of the digest that was asked for or told.
  std::optional<RemoteManifest> manifest(const oci::Reference& reference);

  /// As manifest, by HEAD: the digest alone. A registry that does not tell it is asked by GET.
  std::optional<oci::Digest> digest(const oci::Reference& reference);

  /// A blob's bytes, at most `most_bytes`, checked against `digest`. Redirects are followed.
  /// Throws Error when it is absent, as well as the errors above.
  std::string blob(const oci::Reference& repository, const oci::Digest& digest,
                   std::size_t most_bytes);

 private:
  Answer ask(const std::string& method, const oci::Reference& repository, const std::string& path,
             std::size_t most_bytes);
  Answer follow(Request request, const std::string& scope);
  const std::string& base_url(const std::string& host);
  bool speaks_tls(const std::string& host);

  std::unique_ptr<Transport> transport_;
  ClientOptions options_;
  Authorizer authorizer_;
  std::map<std::string, std::string> base_urls_;  ///< host -> scheme and host
};

}  // namespace cairn::registry
