// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/file.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace cairn::testing {

/// A server on a unix socket; each connection is answered from one list of answers, an empty
/// answer closing it.
class FakeServer {
 public:
  explicit FakeServer(std::vector<std::vector<std::string>> connections)
      : connections_(std::move(connections)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 4), 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~FakeServer() {
    ::shutdown(listener_, SHUT_RDWR);
    ::close(listener_);
    thread_.join();
  }
  std::string path() const { return folder_.path() / "s"; }
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

  TempDir folder_{"cairn-http-"};
  std::vector<std::vector<std::string>> connections_;
  std::atomic<int> answered_{0};
  int listener_ = -1;
  std::thread thread_;
};

/// A whole HTTP answer.
inline std::string answer(int status, const std::string& body = "") {
  return "HTTP/1.1 " + std::to_string(status) +
         " Any\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace cairn::testing
