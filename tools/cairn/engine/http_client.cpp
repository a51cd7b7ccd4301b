// SPDX-License-Identifier: BSD-3-Clause
#include "engine/http_client.hpp"

#include "base/error.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace cairn::engine {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMaxBody = 256UL * 1024 * 1024;

// An interrupt does not end the wait: what removes containers comes this way, too.
void wait_ready(int fd, short events, Clock::time_point deadline) {
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd wanted{fd, events, 0};
    const int ready = left <= 0 ? 0 : ::poll(&wanted, 1, static_cast<int>(left));
    if (ready > 0) return;
    if (ready == 0) throw Error("no answer in time");
    if (errno != EINTR) throw Error(std::string("waiting for an answer: ") + std::strerror(errno));
  }
}

}  // namespace

Connection::Connection(int fd, std::unique_ptr<Child> child) : fd_(fd), child_(std::move(child)) {}

Connection::~Connection() {
  ::close(fd_);
}

std::unique_ptr<Connection> connect_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    throw Error("connecting to '" + path + "': the path is longer than a socket's may be");
  }
  path.copy(address.sun_path, path.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw_errno("connecting to", path);
  auto connection = std::make_unique<Connection>(fd);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw_errno("connecting to", path);
  }
  return connection;
}

std::unique_ptr<Connection> connect_command(const Command& command) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw Error(std::string("making a socket pair: ") + std::strerror(errno));
  }
  try {
    auto child = std::make_unique<Child>(command, Child::Files{ends[1], ends[1], 2});
    ::close(ends[1]);
    return std::make_unique<Connection>(ends[0], std::move(child));
  } catch (const Error&) {
    ::close(ends[0]);
    ::close(ends[1]);
    throw;
  }
}

HttpClient::HttpClient(Connect connect) : connect_(std::move(connect)) {}

HttpResponse HttpClient::send(const HttpRequest& request, std::chrono::milliseconds limit,
                              const Sink& sink) {
  const std::string bytes = format_request(request);
  const bool reused = connection_ != nullptr;
  if (!reused) connection_ = connect_();
  for (bool again = reused;; again = false) {
    ResponseReader reader(kMaxBody, sink);
    try {
      if (exchange(bytes, reader, limit, static_cast<bool>(sink))) {
        HttpResponse response = reader.take();
        if (!response.keep_alive) connection_.reset();
        return response;
      }
    } catch (const Error&) {
      connection_.reset();
      throw;
    }
    // Ended before the first byte: an idle connection that the daemon had closed.
    connection_.reset();
    if (!again) throw Error("the connection ended without an answer");
    connection_ = connect_();
  }
}

bool HttpClient::exchange(const std::string& bytes, ResponseReader& reader,
                          std::chrono::milliseconds limit, bool streams) {
  auto deadline = Clock::now() + limit;
  const int fd = connection_->fd();
  for (std::size_t sent = 0; sent < bytes.size();) {
    wait_ready(fd, POLLOUT, deadline);
    const ssize_t put = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (put > 0) {
      sent += static_cast<std::size_t>(put);
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return false;
    } else if (errno != EINTR && errno != EAGAIN) {
      throw Error(std::string("sending a request: ") + std::strerror(errno));
    }
  }
  std::array<char, 65536> buffer{};
  for (;;) {
    if (streams) deadline = Clock::now() + limit;
    wait_ready(fd, POLLIN, deadline);
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0 && errno != ECONNRESET) {
      throw Error(std::string("reading an answer: ") + std::strerror(errno));
    }
    if (got <= 0) {
      if (!reader.has_started()) return false;
      reader.finish();
      return true;
    }
    if (reader.feed({buffer.data(), static_cast<std::size_t>(got)})) return true;
  }
}

}  // namespace cairn::engine
