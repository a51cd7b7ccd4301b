// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/child.hpp"
#include "engine/http.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace cairn::engine {

/// An open connection: a socket, and the process behind it where one stands between.
class Connection {
 public:
  explicit Connection(int fd, std::unique_ptr<Child> child = {});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int fd() const { return fd_; }

 private:
  int fd_;
  std::unique_ptr<Child> child_;
};

/// Connects to a unix socket. Throws Error `connecting to '<path>': <reason>`.
std::unique_ptr<Connection> connect_unix(const std::string& path);

/// Connects through a command that speaks the stream on its stdin and stdout
/// (`docker -H ssh://… system dial-stdio`).
std::unique_ptr<Connection> connect_command(const Command& command);

/// A small HTTP/1.1 client over one kept-alive connection. libcurl costs 2-8 ms a start, which
/// every build would pay; the engine's socket answers in 0.2 ms.
class HttpClient {
 public:
  using Connect = std::function<std::unique_ptr<Connection>()>;
  using Sink = std::function<bool(std::string_view)>;
  explicit HttpClient(Connect connect);

  /// Sends and waits. A connection that the other side closed while idle is opened again, once.
  /// Throws Error when connecting fails, the connection breaks or `limit` passes.
  /// `sink` as for ResponseReader; with one, `limit` holds for each piece anew.
  HttpResponse send(const HttpRequest& request, std::chrono::milliseconds limit,
                    const Sink& sink = {});

 private:
  bool exchange(const std::string& bytes, ResponseReader& reader, std::chrono::milliseconds limit,
                bool streams);

  Connect connect_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace cairn::engine
