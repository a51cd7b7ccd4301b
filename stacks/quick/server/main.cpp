// SPDX-License-Identifier: BSD-3-Clause
//
// A web server of one file that runs in an image with nothing else in it: no shell, no libraries,
// no passwd. The same program is the image's healthcheck (`--check URL`).

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <netinet/in.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

constexpr std::string_view kUsage =
    "usage: quick-server [PORT]          serve on PORT, else $QUICK_PORT, else 8080\n"
    "       quick-server --check URL     exit 0 when URL answers 2xx (http, numeric host)\n"
    "       quick-server --version\n";

constexpr std::size_t kMaxRequest = 8192;
constexpr int kClientSeconds = 2;

volatile std::sig_atomic_t g_stop = 0;

extern "C" void request_stop(int) {
  g_stop = 1;
}

std::string environment(const char* name, std::string_view fallback) {
  const char* value = std::getenv(name);
  return std::string(value != nullptr && *value != '\0' ? std::string_view(value) : fallback);
}

std::runtime_error system_error(const std::string& what) {
  return std::runtime_error(what + ": " + std::strerror(errno));
}

std::uint16_t parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) {
    throw std::runtime_error("expected a port from 1 to 65535, got '" + std::string(text) + "'");
  }
  return port;
}

/// Owns one file descriptor.
class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket() {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
  }
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  Socket& operator=(Socket&&) = delete;

  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

void set_timeouts(const Socket& socket) {
  const timeval limit{kClientSeconds, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

bool send_all(const Socket& socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// Reads until `ending` was seen, the peer stops or the limit is reached.
std::string receive_until(const Socket& socket, std::string_view ending) {
  std::string text;
  char buffer[1024];
  while (text.size() < kMaxRequest && (ending.empty() || !text.ends_with(ending))) {
    const ssize_t got = ::recv(socket.get(), buffer, sizeof buffer, 0);
    if (got <= 0) {
      break;
    }
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text;
}

/// Listens on IPv6 and IPv4 at once; on IPv4 only where the kernel has no IPv6.
Socket listen_on(std::uint16_t port) {
  const int yes = 1;
  const int no = 0;
  Socket both(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (both.get() >= 0) {
    ::setsockopt(both.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    ::setsockopt(both.get(), IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    address.sin6_addr = in6addr_any;
    if (::bind(both.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
        ::listen(both.get(), SOMAXCONN) == 0) {
      return both;
    }
  }
  Socket one(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ::setsockopt(one.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  if (::bind(one.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(one.get(), SOMAXCONN) != 0) {
    throw system_error("listening on port " + std::to_string(port));
  }
  return one;
}

/// Only plain names: no way out of the data folder.
bool is_plain_name(std::string_view name) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.front() != '.' &&
         name.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::optional<std::string> read_data(std::string_view name) {
  if (!is_plain_name(name)) {
    return std::nullopt;
  }
  std::ifstream file(environment("QUICK_ROOT", "/srv") + "/" + std::string(name), std::ios::binary);
  if (!file) {
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string response(std::string_view status, std::string_view body) {
  std::string text = "HTTP/1.1 ";
  text += status;
  text += "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: ";
  text += std::to_string(body.size());
  text += "\r\n\r\n";
  text += body;
  return text;
}

/// `request`: everything up to the blank line; only its first line is looked at.
std::string answer(std::string_view request, std::string_view greeting) {
  if (!request.starts_with("GET ")) {
    return response("405 Method Not Allowed", "only GET is served here\n");
  }
  request.remove_prefix(4);
  const std::string_view path = request.substr(0, request.find_first_of(" ?\r\n"));
  if (path == "/") {
    return response("200 OK", std::string(greeting) + "\n");
  }
  if (path == "/healthz") {
    return response("200 OK", "ok\n");
  }
  if (path.starts_with("/data/")) {
    if (const auto body = read_data(path.substr(6))) {
      return response("200 OK", *body);
    }
  }
  return response("404 Not Found", "nothing at '" + std::string(path) + "'\n");
}

void stop_on_signals() {
  // PID 1 has no default actions: without a handler SIGTERM would be lost.
  struct sigaction action {};
  action.sa_handler = request_stop;
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
}

int serve(std::uint16_t port) {
  stop_on_signals();
  const std::string greeting = environment("QUICK_GREETING", "hello from quick-server");
  const Socket listener = listen_on(port);
  std::cerr << "quick-server: listening on port " << port << '\n';
  while (g_stop == 0) {
    const Socket client(::accept(listener.get(), nullptr, nullptr));
    if (client.get() < 0) {
      continue;
    }
    set_timeouts(client);
    send_all(client, answer(receive_until(client, "\r\n\r\n"), greeting));
  }
  std::cerr << "quick-server: stopped\n";
  return EXIT_SUCCESS;
}

/// `url`: http://HOST[:PORT][/PATH] with HOST numeric or localhost. Static programs have no
/// resolver, and a healthcheck needs none.
int check(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) {
    throw std::runtime_error("expected an http:// address, got '" + std::string(url) + "'");
  }
  const std::string_view rest = url.substr(kScheme.size());
  const std::string_view authority = rest.substr(0, rest.find('/'));
  const std::size_t colon = authority.find(':');
  std::string host(authority.substr(0, colon));
  if (host == "localhost") {
    host = "127.0.0.1";
  }
  const bool has_port = colon != std::string_view::npos;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(has_port ? parse_port(authority.substr(colon + 1)) : 80);
  if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
    throw std::runtime_error("expected a numeric host, got '" + host + "'");
  }
  const Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  set_timeouts(socket);
  if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    throw system_error("connecting to '" + std::string(authority) + "'");
  }
  std::string path(rest.substr(authority.size()));
  path = path.empty() ? "/" : path;
  send_all(socket, "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  const std::string reply = receive_until(socket, "");
  const std::string status = reply.substr(0, reply.find("\r\n"));
  std::cout << status << '\n';
  return status.starts_with("HTTP/1.1 2") ? EXIT_SUCCESS : EXIT_FAILURE;
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    return serve(parse_port(environment("QUICK_PORT", "8080")));
  }
  if (arguments.size() == 1 && arguments[0] == "--version") {
    std::cout << "quick-server " << QUICK_VERSION << '\n';
    return EXIT_SUCCESS;
  }
  if (arguments.size() == 1 && arguments[0] == "--help") {
    std::cout << kUsage;
    return EXIT_SUCCESS;
  }
  if (arguments.size() == 2 && arguments[0] == "--check") {
    return check(arguments[1]);
  }
  if (arguments.size() == 1 && !arguments[0].starts_with("-")) {
    return serve(parse_port(arguments[0]));
  }
  std::cerr << kUsage;
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "quick-server: error: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
