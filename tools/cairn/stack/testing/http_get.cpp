// SPDX-License-Identifier: BSD-3-Clause
#include "stack/testing/http_get.hpp"

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace cairn::stack {
namespace {

constexpr std::size_t kMaxBody = 16U << 20U;
// How long a forwarder may take to notice that nobody listens behind it.
constexpr int kSettleMs = 100;
constexpr int kConnectMs = 2000;
constexpr int kTurnMs = 200;

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool wait_for(int fd, short events, int limit_ms) {
  pollfd waiting{fd, events, 0};
  return ::poll(&waiting, 1, limit_ms) > 0;
}

bool connect_within(int fd, const addrinfo& to, int limit_ms) {
  if (::connect(fd, to.ai_addr, to.ai_addrlen) == 0) return true;
  if (errno != EINPROGRESS || !wait_for(fd, POLLOUT, limit_ms)) return false;
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

/// A non-blocking connection, or a closed socket when nobody accepts one.
Socket connect_to(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) throw Error("expected HOST:PORT, got '" + address + "'");
  std::string host = address.substr(0, colon);
  if (host.starts_with("[") && host.ends_with("]")) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int status = ::getaddrinfo(host.c_str(), address.substr(colon + 1).c_str(), &hints, &found);
  if (status != 0) {
    throw Error(fmt::format("looking up '{}': {}", address, ::gai_strerror(status)));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, &::freeaddrinfo);
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    Socket socket(::socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket.is_open() && connect_within(socket.fd(), *one, kConnectMs)) return socket;
  }
  return Socket(-1);
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno != EAGAIN || !wait_for(fd, POLLOUT, kConnectMs)) {
      return false;
    }
  }
  return true;
}

std::string request_of(const std::string& address, const std::string& path) {
  return fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: cairn/{}\r\nAccept: */*\r\n"
      "Connection: close\r\n\r\n",
      path.starts_with("/") ? path : "/" + path, address, CAIRN_VERSION);
}

}  // namespace

std::optional<engine::HttpResponse> http_get(const std::string& address, const std::string& path,
                                             std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  const Socket socket = connect_to(address);
  if (!socket.is_open() || !send_all(socket.fd(), request_of(address, path))) return std::nullopt;
  engine::ResponseReader reader(kMaxBody);
  std::array<char, 16384> buffer{};
  for (;;) {
    check_interrupted();
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                          end - std::chrono::steady_clock::now())
                          .count();
    if (left <= 0) {
      throw Error(fmt::format("no complete answer to GET {} within {}", path,
                              format_seconds(static_cast<double>(limit.count()) / 1000)));
    }
    // In short turns: a signal may come just before the wait, or to another thread.
    if (!wait_for(socket.fd(), POLLIN, static_cast<int>(std::min<long>(left, kTurnMs)))) continue;
    const ssize_t got = ::recv(socket.fd(), buffer.data(), buffer.size(), 0);
    if (got > 0) {
      if (reader.feed({buffer.data(), static_cast<std::size_t>(got)})) return reader.take();
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
      if (!reader.has_started()) return std::nullopt;
      reader.finish();
      return reader.take();
    }
  }
}

bool port_is_open(const std::string& address) {
  const Socket socket = connect_to(address);
  if (!socket.is_open()) return false;
  if (!wait_for(socket.fd(), POLLIN, kSettleMs)) return true;
  char byte = 0;
  return ::recv(socket.fd(), &byte, 1, MSG_PEEK) > 0;
}

}  // namespace cairn::stack
