// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "registry/blob_source.hpp"
#include "registry/url.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::registry {

struct Request {
  std::string method;
  Url url;
  std::vector<std::string> headers;  ///< `Name: value`
  std::string body;
  std::size_t most_bytes = 4 << 20;  ///< of the answer; more is an error

  /// Instead of `body`: makes a reader of `body_bytes` bytes, anew for each time it is sent.
  std::function<std::unique_ptr<Reader>()> open_body{};
  std::uint64_t body_bytes = 0;
  /// Takes the body of an answer of 2xx in pieces; it is then not in the answer, and not limited.
  /// Told true first when it begins anew, as each time the request is sent.
  std::function<void(std::string_view piece, bool anew)> on_body{};
  /// Called each time just before it is sent, after all waiting; what it throws is not retried
  /// unless it is a TransientError.
  std::function<void()> before_send{};
};

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case; the last of a name
  std::string body;
  std::multimap<std::string, std::string> earlier{};  ///< headers whose name came again

  /// The last of a name, which is in lower case; empty when there is none.
  std::string header(const std::string& name) const;
  /// All of a name, in their order.
  std::vector<std::string> all_headers(const std::string& name) const;
};

/// A date as HTTP writes it (RFC 9110, section 5.6.7), in seconds since 1970; nothing for what is
/// none.
std::optional<std::int64_t> http_date(const std::string& text);

/// Sends one request, follows nothing and repeats nothing; from any thread. Proxies of the
/// environment are for https to other machines: without TLS they would see credentials. Throws
/// TransientError when no answer came that may come another time, UnreachableError when none will
/// (a host that was never met, an untrusted certificate), Error when the answer is too long, and
/// what a body's reader or taker throws.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Answer send(const Request& request) = 0;
};

struct TransportOptions {
  std::string ca_file;  ///< trusted beside nothing else; empty: the system's own bundle
  long connect_seconds = 30;
  long stall_seconds = 60;  ///< an answer that stands still so long is given up
};

/// libcurl. Each request takes the handle that was given back last, with its open connections: as
/// many connections to a host as there are requests at once, one for a single thread.
std::unique_ptr<Transport> open_transport(const TransportOptions& options = {});

}  // namespace cairn::registry
