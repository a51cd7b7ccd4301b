// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/file.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace cairn::testing {

/// A server behind a listening socket; each connection is answered from one list of answers, an
/// empty answer closing it.
class FakeListener {
 public:
  FakeListener(int listener, std::vector<std::vector<std::string>> connections)
      : connections_(std::move(connections)), listener_(listener) {
    EXPECT_EQ(::listen(listener_, 4), 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~FakeListener() {
    ::shutdown(listener_, SHUT_RDWR);
    ::close(listener_);
    thread_.join();
  }
  FakeListener(const FakeListener&) = delete;
  FakeListener& operator=(const FakeListener&) = delete;
  int answered() const { return answered_; }

 private:
  void serve() {
    for (const std::vector<std::string>& answers : connections_) {
      const int fd = ::accept(listener_, nullptr, nullptr);
      if (fd < 0) return;
      char buffer[4096];
      for (const std::string& answer : answers) {
        if (::read(fd, buffer, sizeof buffer) <= 0 || answer.empty()) break;
        ++answered_;
        if (::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
      }
      if (!answers.empty() && answers.back() == "hold") {
        while (::read(fd, buffer, sizeof buffer) > 0) {
        }
      }
      ::close(fd);
    }
  }

  std::vector<std::vector<std::string>> connections_;
  std::atomic<int> answered_{0};
  int listener_ = -1;
  std::thread thread_;
};

/// Such a server on a unix socket.
class FakeServer {
 public:
  explicit FakeServer(std::vector<std::vector<std::string>> connections)
      : listener_(open(path()), std::move(connections)) {}
  std::string path() const { return folder_.path() / "s"; }
  int answered() const { return listener_.answered(); }

 private:
  static int open(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return listener;
  }

  TempDir folder_{"cairn-http-"};
  FakeListener listener_;
};

/// Such a server on a free port of this machine.
class FakeTcpServer {
 public:
  explicit FakeTcpServer(std::vector<std::vector<std::string>> connections)
      : socket_(open(port_)), listener_(socket_, std::move(connections)) {}
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

 private:
  static int open(int& port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port = ntohs(address.sin_port);
    return listener;
  }

  int port_ = 0;
  int socket_;
  FakeListener listener_;
};

/// A whole HTTP answer.
inline std::string answer(int status, const std::string& body = "") {
  return "HTTP/1.1 " + std::to_string(status) +
         " Any\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace cairn::testing
