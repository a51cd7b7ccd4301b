// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace cairn::testing {

/// A TCP server on a port of 127.0.0.1, one connection after another.
class LoopbackServer {
 public:
  /// How one connection goes. The last of a list is repeated.
  struct Turn {
    std::string answer;    ///< sent once a whole request has come; then the connection is closed
    bool hang_up = false;  ///< closed at once, as the forwarder of a port nobody listens on
    bool hold = false;     ///< never answered
    std::function<void()> on_request = {};
  };

  /// On `port` where one is named, a free one otherwise.
  explicit LoopbackServer(std::vector<Turn> turns, int port = 0) : turns_(std::move(turns)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    socklen_t size = sizeof address;
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;  // a port whose last connections are still remembered
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, any, &size) != 0) {
      ::perror("loopback server");
      ::abort();
    }
    port_ = ntohs(address.sin_port);
    if (!turns_.empty()) thread_ = std::thread([this] { serve(); });
  }
  ~LoopbackServer() {
    ::shutdown(listener_, SHUT_RDWR);
    if (const int open = connection_; open >= 0) ::shutdown(open, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    ::close(listener_);
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  int port() const { return port_; }
  std::vector<std::string> requests() {
    const std::lock_guard guard(mutex_);
    return requests_;
  }

  /// A whole HTTP answer.
  static Turn http(int status, const std::string& body) {
    return {"HTTP/1.1 " + std::to_string(status) +
            " Any\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
  }

 private:
  void serve() {
    for (std::size_t n = 0;; ++n) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      connection_ = fd;
      converse(fd, turns_[std::min(n, turns_.size() - 1)]);
      connection_ = -1;
      ::close(fd);
    }
  }

  static bool is_whole(const std::string& request) {
    const std::size_t end = request.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const std::size_t length = request.find("Content-Length: ");
    return length > end || request.size() >= end + 4 + std::stoul(request.substr(length + 16));
  }

  void converse(int fd, const Turn& turn) {
    if (turn.hang_up) return;
    std::string request;
    char buffer[4096];
    // Whoever answers before the body is there and closes resets the connection under its sender.
    while (!is_whole(request)) {
      const ssize_t got = ::read(fd, buffer, sizeof buffer);
      if (got <= 0) return;
      request.append(buffer, static_cast<std::size_t>(got));
    }
    {
      const std::lock_guard guard(mutex_);
      requests_.push_back(request);
    }
    if (turn.on_request) turn.on_request();
    if (!turn.hold && ::send(fd, turn.answer.data(), turn.answer.size(), MSG_NOSIGNAL) < 0) return;
    while (turn.hold && ::read(fd, buffer, sizeof buffer) > 0) {
    }
  }

  std::vector<Turn> turns_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connection_{-1};
  std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace cairn::testing
