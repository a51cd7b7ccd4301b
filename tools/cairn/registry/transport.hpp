// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "registry/url.hpp"

#include <cstddef>
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
};

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case; the last of a name wins
  std::string body;

  std::string header(const std::string& name) const;  ///< empty when there is none
};

/// Sends one request, follows nothing and repeats nothing. Throws TransientError when no answer
/// came that may come another time, UnreachableError when none will (unknown host, untrusted
/// certificate), Error when the answer is too long.
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

/// libcurl, one handle: connections are kept for the next request.
std::unique_ptr<Transport> open_transport(const TransportOptions& options = {});

}  // namespace cairn::registry
