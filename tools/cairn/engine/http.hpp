// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace cairn::engine {

struct HttpRequest {
  std::string method = "GET";
  std::string target;  ///< path and query, already escaped
  std::string body;    ///< JSON, or empty
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  bool keep_alive = true;  ///< the connection may carry another request
};

/// The request's bytes (RFC 9112).
std::string format_request(const HttpRequest& request);

/// Percent-encodes everything but RFC 3986's unreserved characters.
std::string url_encode(std::string_view text);

/// Reads one response as its bytes come. Bodies by Content-Length, in chunks, or until the end of
/// the connection; each bounded. Throws Error on bytes that are no HTTP/1.1 response.
class ResponseReader {
 public:
  /// `max_body`: more bytes are an Error. `sink`, when set, gets the body instead of the response
  /// and ends the reading by returning false.
  explicit ResponseReader(std::size_t max_body, std::function<bool(std::string_view)> sink = {});

  /// Takes the next bytes; true when the response is complete.
  bool feed(std::string_view bytes);
  /// The connection has ended. Throws Error when the response is not complete by that.
  void finish();

  bool has_started() const { return started_; }
  HttpResponse take() { return std::move(response_); }

 private:
  enum class State { head, counted, chunk_size, chunk_data, chunk_end, trailer, until_end, done };

  bool step();
  bool take_head();
  bool take_counted();  ///< of a body whose length, or whose chunk's, is known
  bool take_line(std::string& line);
  void parse_head(const std::string& head);
  void choose_body();
  void add_body(std::string_view bytes);

  std::size_t max_body_;
  std::function<bool(std::string_view)> sink_;
  State state_ = State::head;
  bool started_ = false;
  std::string pending_;
  std::size_t remaining_ = 0;
  std::size_t total_ = 0;
  HttpResponse response_;
};

}  // namespace cairn::engine
