// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace cairn::registry {

/// An absolute http(s) URL (RFC 3986), parsed by libcurl.
class Url {
 public:
  /// Throws Error `'x' is not an http(s) URL`.
  static Url parse(const std::string& text);
  /// `reference`, which may be relative, as seen from this URL: for redirects.
  Url resolve(const std::string& reference) const;

  const std::string& text() const { return text_; }
  const std::string& host() const { return host_; }
  bool is_https() const { return scheme_ == "https"; }
  /// Whether both have the same scheme, host and port: only then may credentials follow.
  bool has_origin_of(const Url& other) const;
  /// Whether it names this machine: 127.0.0.0/8, ::1 or localhost.
  bool is_loopback() const;
  /// The text for messages: no user, no password, and of the query only what holds no secret.
  std::string redacted() const;

 private:
  std::string text_, scheme_, host_, port_, path_, query_;
};

/// Whether `host` (with or without a port) is this machine by what it is, not by what a name server
/// says: `localhost`, `[::1]`, or four decimal numbers of which the first is 127.
bool is_loopback_host(const std::string& host);

/// `text` as a value in a URL's query.
std::string url_encode(const std::string& text);

}  // namespace cairn::registry
