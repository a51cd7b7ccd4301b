// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/digest.hpp"
#include "oci/reference.hpp"
#include "registry/authorizer.hpp"
#include "registry/rate.hpp"
#include "registry/retry.hpp"
#include "registry/transport.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
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
  std::shared_ptr<RateLimits> rates;           ///< unset: none are kept
};

/// What a token must allow (distribution, "Token Scope Documentation").
std::string pull_scope(const oci::Reference& repository);
std::string push_scope(const oci::Reference& repository);

/// Speaks the distribution spec to any registry: what is read from it, and the requests that a push
/// is made of. From any thread. Absent is 404 and nothing else: 401, 403 and 5xx are errors.
class Client {
 public:
  explicit Client(const ClientOptions& options = {});
  Client(std::unique_ptr<Transport> transport, ClientOptions options);

  /// What `reference` (its digest, else its tag, else `latest`) names; nothing when the registry
  /// does not have it. Throws UserError when access is refused, UnreachableError when the registry
  /// does not answer, Error when the bytes are not of the digest that was asked for or told.
  std::optional<RemoteManifest> manifest(const oci::Reference& reference);

  /// As manifest, by HEAD: the digest alone. A registry that does not tell it is asked by GET; one
  /// that tells another than was asked for is in error.
  std::optional<oci::Digest> digest(const oci::Reference& reference);

  /// A blob's bytes, at most `most_bytes`, checked against `digest`. Redirects are followed.
  /// Throws Error when it is absent, as well as the errors above.
  std::string blob(const oci::Reference& repository, const oci::Digest& digest,
                   std::size_t most_bytes);

  /// Gives a blob to `take` piece by piece, verified: what was taken counts only when this returns.
  /// `take` is told true with a piece that begins anew. Throws as `blob`.
  void copy_blob(const oci::Reference& repository, const oci::Descriptor& blob,
                 const std::function<void(std::string_view piece, bool anew)>& take);

  /// `https://host/v2/<repository><path>`.
  Url url(const oci::Reference& repository, const std::string& path);

  /// Sends a request once: follows redirects, meets challenges for `scope`, keeps to the rate of
  /// the host. Credentials go to the repository's own registry alone. Any answer is the caller's;
  /// throws as Transport::send, and Error for a way from https to http.
  Answer call(const oci::Reference& repository, const std::string& scope, const Request& request);

  /// As call, with the retries of the policy.
  Answer call_with_retries(const oci::Reference& repository, const std::string& scope,
                           const Request& request);

  /// Now, in seconds since 1970, by the registry that answered last: its Date header and the time
  /// since then. Nothing when none has told a date yet.
  std::optional<std::int64_t> now();

  const RetryPolicy& retry() const { return options_.retry; }

 private:
  Answer ask(const std::string& method, const oci::Reference& repository, const std::string& path,
             std::size_t most_bytes);
  Answer send(const oci::Reference& repository, const Request& request, bool at_home);
  std::string base_url(const std::string& host);
  bool speaks_tls(const std::string& host);
  void note_date(const Answer& answer);

  std::unique_ptr<Transport> transport_;
  ClientOptions options_;
  Authorizer authorizer_;
  std::mutex mutex_;
  std::map<std::string, std::string> base_urls_;  ///< host -> scheme and host
  std::optional<std::int64_t> date_;              ///< that a registry told last
  std::chrono::steady_clock::time_point dated_;   ///< when it did
};

}  // namespace cairn::registry
